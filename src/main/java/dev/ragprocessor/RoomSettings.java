package dev.ragprocessor;

import dev.ragprocessor.bucket.CloudStorageSettings;
import dev.ragprocessor.bucket.DirectorySettings;
import dev.ragprocessor.db.Budget;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PoolSettings;
import dev.ragprocessor.db.Timeouts;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.embed.ApiKey;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.GeminiModelSettings;
import dev.ragprocessor.embed.GeminiSettings;
import dev.ragprocessor.embed.MediaEmbedderSettings;
import dev.ragprocessor.extract.ChunkingSettings;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Isolation;
import dev.ragprocessor.extract.media.MediaSettings;
import dev.ragprocessor.http.Authentication;
import dev.ragprocessor.http.HttpLimits;
import dev.ragprocessor.http.HttpSettings;
import dev.ragprocessor.ingest.IngestSettings;
import dev.ragprocessor.ingest.SegmentSettings;
import dev.ragprocessor.telemetry.TracingSettings;
import dev.ragprocessor.telemetry.recording.RecordingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration in the terms of the rooms. What a room refuses, because its values contradict
 * each other, comes as its {@link IllegalArgumentException}.
 */
record RoomSettings(Configuration configuration) {
  /** Promises where the server listens and for whom. */
  HttpSettings http() {
    return new HttpSettings(
        get(Settings.SERVER_HOST),
        get(Settings.SERVER_PORT),
        get(Settings.SERVER_ADMIN_PORT),
        httpLimits(),
        deliveries(),
        api());
  }

  /** Promises where a server of this configuration is called, with a port that is not free. */
  URI address() {
    return address(get(Settings.SERVER_PORT));
  }

  /** Promises where health and metrics of a server of this configuration are. */
  URI adminAddress() {
    return address(get(Settings.SERVER_ADMIN_PORT));
  }

  /**
   * Promises where this port is called; an address that means all of them is no address to call.
   */
  URI address(int port) {
    String host = get(Settings.SERVER_HOST);
    String called =
        switch (host) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> host.indexOf(':') < 0 ? host : "[" + host + "]";
        };
    return URI.create("http://%s:%d".formatted(called, port));
  }

  private HttpLimits httpLimits() {
    return new HttpLimits(
        get(Settings.SERVER_MAX_CONNECTIONS),
        get(Settings.SERVER_HEADER_TIME),
        get(Settings.SERVER_BODY_TIME),
        get(Settings.SERVER_IDLE_TIME),
        get(Settings.SERVER_WRITE_TIME),
        Math.toIntExact(get(Settings.SERVER_MAX_HEADER).bytes()),
        Math.toIntExact(get(Settings.SERVER_MAX_BODY).bytes()),
        get(Settings.SERVER_MAX_DELIVERIES),
        get(Settings.SERVER_MAX_DELIVERY_BYTES).bytes(),
        get(Settings.SERVER_DRAIN_DELAY),
        get(Settings.SERVER_SHUTDOWN_GRACE));
  }

  private Authentication deliveries() {
    return switch (get(Settings.AUTH_DELIVERIES)) {
      case LOOPBACK -> new Authentication.LoopbackOnly();
      case NONE -> new Authentication.None();
      case OIDC ->
          oidc(
              get(Settings.AUTH_DELIVERIES_AUDIENCE),
              Set.copyOf(get(Settings.AUTH_DELIVERIES_EMAILS)),
              "");
    };
  }

  private Authentication api() {
    return switch (get(Settings.AUTH_API)) {
      case LOOPBACK -> new Authentication.LoopbackOnly();
      case OIDC ->
          oidc(get(Settings.AUTH_API_AUDIENCE), Set.of(), get(Settings.AUTH_API_TENANT_CLAIM));
    };
  }

  private Authentication oidc(String audience, Set<String> emails, String tenantClaim) {
    return new Authentication.Oidc(
        get(Settings.AUTH_KEYS),
        Set.copyOf(get(Settings.AUTH_ISSUERS)),
        audience,
        emails,
        tenantClaim);
  }

  /** Promises the settings of the pool and its connections. */
  DatabaseSettings database(DatabaseEndpoint endpoint) {
    return new DatabaseSettings(
        endpoint, get(Settings.DATABASE_APPLICATION_NAME), pool(), timeouts(), budget());
  }

  /**
   * Promises which private server is started.
   *
   * @param environment says where the user's cache is
   */
  ClusterSettings cluster(Map<String, String> environment) {
    ClusterSettings usual =
        ClusterSettings.kept(
            get(Settings.DATABASE_PRIVATE_NAME), get(Settings.DATABASE_INSTALL), environment);
    Path home =
        configuration.isUnset(Settings.DATABASE_PRIVATE_HOME)
            ? usual.home()
            : get(Settings.DATABASE_PRIVATE_HOME);
    return new ClusterSettings(
        usual.name(), home, get(Settings.DATABASE_PRIVATE_LIFETIME), usual.install());
  }

  PoolSettings pool() {
    return new PoolSettings(
        get(Settings.DATABASE_POOL_SIZE),
        get(Settings.DATABASE_PERMIT_WAIT),
        get(Settings.DATABASE_MAX_WAITERS),
        get(Settings.DATABASE_HOLD_WARNING),
        get(Settings.DATABASE_HOLD_LIMIT));
  }

  Timeouts timeouts() {
    return new Timeouts(
        get(Settings.DATABASE_STATEMENT_TIMEOUT),
        get(Settings.DATABASE_LOCK_TIMEOUT),
        get(Settings.DATABASE_IDLE_IN_TRANSACTION_TIMEOUT),
        get(Settings.DATABASE_SOCKET_TIMEOUT),
        get(Settings.DATABASE_CONNECT_TIMEOUT));
  }

  Budget budget() {
    return new Budget(get(Settings.DATABASE_REPLICAS), get(Settings.DATABASE_OVER_BUDGET));
  }

  /** Promises how segments are sealed and built. */
  SegmentSettings segments() {
    return new SegmentSettings(
        get(Settings.INDEX_SEGMENT_ROWS),
        get(Settings.INDEX_BUILD_MEMORY).bytes(),
        get(Settings.INDEX_PRECISION));
  }

  /** Promises how events are taken and tried; a claim outlives what may hold up its renewal. */
  IngestSettings ingest() {
    IngestSettings settings =
        new IngestSettings(
            get(Settings.INGEST_MAX_IN_FLIGHT),
            get(Settings.INGEST_ANSWER_BUDGET),
            get(Settings.INGEST_LEASE),
            get(Settings.INGEST_RENEW_INTERVAL),
            get(Settings.INGEST_SWEEP_INTERVAL),
            get(Settings.INGEST_MAX_ATTEMPTS),
            get(Settings.INGEST_FIRST_RETRY_DELAY),
            get(Settings.INGEST_MAX_RETRY_DELAY),
            get(Settings.INGEST_MAX_EXTRACTIONS),
            get(Settings.INGEST_WORKING_MEMORY).bytes(),
            get(Settings.INGEST_DEFAULT_TENANT),
            Set.copyOf(get(Settings.INGEST_BUCKETS)),
            get(Settings.INGEST_TOMBSTONE_RETENTION),
            get(Settings.INGEST_HISTORY_RETENTION));
    settings.requireLeaseOutlives(
        get(Settings.DATABASE_PERMIT_WAIT), get(Settings.DATABASE_STATEMENT_TIMEOUT));
    return settings;
  }

  ExtractionSettings extraction() {
    return new ExtractionSettings(
        get(Settings.EXTRACTION_MAX_CHARACTERS),
        get(Settings.EXTRACTION_MAX_PAGES),
        get(Settings.EXTRACTION_MAX_DEPTH),
        get(Settings.EXTRACTION_MAX_EXPANSION),
        get(Settings.EXTRACTION_TIME_LIMIT));
  }

  /** Promises where files are read. */
  Isolation isolation() {
    return switch (get(Settings.EXTRACTION_ISOLATION)) {
      case NONE -> new Isolation.None();
      case PROCESS -> new Isolation.ChildProcess(get(Settings.EXTRACTION_PROCESS_MEMORY).bytes());
    };
  }

  ChunkingSettings chunking() {
    return new ChunkingSettings(
        get(Settings.CHUNKS_SIZE),
        get(Settings.CHUNKS_OVERLAP),
        get(Settings.CHUNKS_TOKENS),
        get(Settings.CHUNKS_ROWS),
        get(Settings.CHUNKS_STRATEGY),
        get(Settings.CHUNKS_STRATEGIES));
  }

  /** Promises where a directory's buckets and their state are. */
  DirectorySettings directory() {
    DirectorySettings settings = DirectorySettings.of(get(Settings.BUCKET_DIRECTORY));
    Path state =
        configuration.isUnset(Settings.BUCKET_STATE_DIRECTORY)
            ? settings.stateDirectory()
            : get(Settings.BUCKET_STATE_DIRECTORY);
    return new DirectorySettings(
        settings.root(), state, get(Settings.BUCKET_MAX_OBJECT_SIZE).bytes());
  }

  private EmbedderSettings.Local localEmbedder() {
    int threads = get(Settings.EMBEDDER_LOCAL_THREADS);
    return threads == 0 ? EmbedderSettings.Local.defaults() : new EmbedderSettings.Local(threads);
  }

  /** Promises who makes vectors; for Gemini the key is read from its file. */
  EmbedderSettings embedder() {
    return switch (get(Settings.EMBEDDER_KIND)) {
      case LOCAL -> localEmbedder();
      case GEMINI -> gemini();
      case STUB ->
          new EmbedderSettings.Stub(get(Settings.STUB_DIMENSIONS), get(Settings.STUB_LATENCY));
    };
  }

  private GeminiSettings gemini() {
    GeminiSettings documented =
        GeminiSettings.defaults(geminiAccess(Settings.EMBEDDER_KIND), get(Settings.GEMINI_MODEL));
    int texts = get(Settings.GEMINI_MAX_TEXTS);
    return new GeminiSettings(
        documented.access(),
        get(Settings.GEMINI_BASE_URL),
        documented.model(),
        get(Settings.GEMINI_DIMENSIONS),
        texts == 0 ? documented.maxTextsPerRequest() : texts,
        get(Settings.GEMINI_MAX_TOKENS),
        get(Settings.GEMINI_MAX_REQUESTS),
        get(Settings.GEMINI_TIMEOUT),
        get(Settings.GEMINI_PATIENCE));
  }

  /** Promises how media become text; empty where nobody reads them. */
  Optional<MediaSettings> media() {
    boolean read =
        switch (get(Settings.MEDIA_READER)) {
          case AUTO -> get(Settings.EMBEDDER_KIND) == Settings.EmbedderKind.GEMINI;
          case GEMINI -> true;
          case NONE -> false;
        };
    if (!read) {
      return Optional.empty();
    }
    GeminiModelSettings connection =
        new GeminiModelSettings(
            mediaAccess(),
            get(Settings.GEMINI_BASE_URL),
            get(Settings.MEDIA_MODEL),
            get(Settings.MEDIA_MAX_REQUESTS),
            get(Settings.MEDIA_TIMEOUT),
            get(Settings.GEMINI_PATIENCE));
    return Optional.of(
        new MediaSettings(
            connection,
            get(Settings.MEDIA_SEGMENT),
            get(Settings.MEDIA_WINDOW),
            get(Settings.MEDIA_MAX_LENGTH),
            get(Settings.MEDIA_MAX_OUTPUT_TOKENS),
            get(Settings.MEDIA_MAX_ANSWER),
            Math.toIntExact(get(Settings.MEDIA_MAX_INLINE).bytes()),
            get(Settings.CHUNKS_SIZE)));
  }

  /** Promises who makes vectors of media; empty where nobody does. */
  Optional<MediaEmbedderSettings> mediaEmbedder() {
    String model = get(Settings.MULTIMODAL_MODEL).strip();
    if (model.isEmpty() || media().isEmpty()) {
      return Optional.empty();
    }
    int dimensions = get(Settings.MULTIMODAL_DIMENSIONS);
    boolean predicts = model.equals(MediaEmbedderSettings.Predict.MODEL);
    GeminiModelSettings connection =
        new GeminiModelSettings(
            mediaAccess(),
            get(Settings.GEMINI_BASE_URL),
            predicts ? MediaEmbedderSettings.Predict.METERED : model,
            get(Settings.GEMINI_MAX_REQUESTS),
            get(Settings.GEMINI_TIMEOUT),
            get(Settings.GEMINI_PATIENCE));
    return Optional.of(
        predicts
            ? new MediaEmbedderSettings.Predict(connection, dimensions)
            : new MediaEmbedderSettings.Gemini(connection, dimensions));
  }

  private GeminiAccess mediaAccess() {
    return geminiAccess(
        get(Settings.MEDIA_READER) == Settings.MediaReaderKind.AUTO
            ? Settings.EMBEDDER_KIND
            : Settings.MEDIA_READER);
  }

  /**
   * @param wanting the setting that asks for Gemini
   */
  private GeminiAccess geminiAccess(Setting<?> wanting) {
    String key = configuration.secret(Settings.GEMINI_API_KEY, Settings.GEMINI_API_KEY_FILE);
    if (!key.isEmpty()) {
      return new GeminiAccess.DeveloperApi(new ApiKey(key));
    }
    if (configuration.isUnset(Settings.GEMINI_PROJECT)
        || configuration.isUnset(Settings.GEMINI_LOCATION)) {
      throw new IllegalArgumentException(
          "%s = gemini (%s) needs embedder.gemini.api-key, or embedder.gemini.project and"
                  .formatted(wanting.key(), configuration.origin(wanting))
              + " embedder.gemini.location");
    }
    return GeminiAccess.VertexAi.withDefaultCredentials(
        get(Settings.GEMINI_PROJECT), get(Settings.GEMINI_LOCATION));
  }

  CloudStorageSettings cloudStorage() {
    CloudStorageSettings settings =
        new CloudStorageSettings(
            URI.create(CloudStorageSettings.DEFAULT_BASE_URL),
            get(Settings.BUCKET_MAX_OBJECT_SIZE).bytes(),
            get(Settings.BUCKET_CONNECT_TIMEOUT),
            get(Settings.BUCKET_METADATA_TIMEOUT),
            get(Settings.BUCKET_FETCH_TIMEOUT));
    String endpoint = get(Settings.BUCKET_ENDPOINT);
    return endpoint.isBlank() ? settings : settings.withBaseUrl(endpoint);
  }

  /** Promises where spans go; empty when they go nowhere. */
  Optional<TracingSettings> tracing() {
    return configuration.isUnset(Settings.TRACING_ENDPOINT)
        ? Optional.empty()
        : Optional.of(
            new TracingSettings(
                URI.create(get(Settings.TRACING_ENDPOINT).strip()),
                get(Settings.TRACING_SAMPLE_RATIO),
                RagProcessor.version()));
  }

  /** Promises how far a recording may go. */
  RecordingSettings recording() {
    return new RecordingSettings(
        get(Settings.RECORDING_MAX_DURATION), get(Settings.RECORDING_MAX_SIZE).bytes());
  }

  private <T> T get(Setting<T> setting) {
    return configuration.get(setting);
  }
}

package dev.ragprocessor;

import static dev.ragprocessor.Setting.choice;
import static dev.ragprocessor.Setting.choices;
import static dev.ragprocessor.Setting.duration;
import static dev.ragprocessor.Setting.flag;
import static dev.ragprocessor.Setting.integer;
import static dev.ragprocessor.Setting.list;
import static dev.ragprocessor.Setting.name;
import static dev.ragprocessor.Setting.number;
import static dev.ragprocessor.Setting.path;
import static dev.ragprocessor.Setting.secret;
import static dev.ragprocessor.Setting.size;
import static dev.ragprocessor.Setting.text;
import static dev.ragprocessor.Setting.uri;
import static dev.ragprocessor.Setting.uuid;

import dev.ragprocessor.db.Budget;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.Lifetime;
import dev.ragprocessor.extract.ChunkingSettings.Strategy;
import dev.ragprocessor.extract.FileKind;
import dev.ragprocessor.store.IndexPrecision;
import dev.ragprocessor.store.TenantId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The catalogue of every key. Defaults and effects stand in {@code application.yaml}. */
final class Settings {
  /** Who may deliver events. */
  enum DeliveriesMode {
    LOOPBACK,
    NONE,
    OIDC
  }

  /** Who may search and see jobs. */
  enum ApiMode {
    LOOPBACK,
    OIDC
  }

  /** Who changes the schema. */
  enum Migrate {
    AT_START,
    NEVER
  }

  /** Where objects live. */
  enum BucketKind {
    DIRECTORY,
    CLOUD_STORAGE
  }

  /** Where files are read. */
  enum ExtractionIsolation {
    NONE,
    PROCESS
  }

  /** Who makes vectors. */
  enum EmbedderKind {
    LOCAL,
    GEMINI,
    STUB
  }

  /** Who makes text of images, audio and video. */
  enum MediaReaderKind {
    AUTO,
    GEMINI,
    NONE
  }

  /** How texts' vectors are indexed. */
  enum IndexKind {
    SEGMENTS,
    WHOLE
  }

  /** How much our own log says. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** Who reads the log. */
  enum LogFormat {
    AUTO,
    TEXT,
    JSON
  }

  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  static final Setting<String> SERVER_HOST = name("server.host");
  static final Setting<Integer> SERVER_PORT = integer("server.port", 0, 65_535);
  static final Setting<Integer> SERVER_ADMIN_PORT = integer("server.admin-port", 0, 65_535);

  static final Setting<Integer> SERVER_MAX_CONNECTIONS =
      integer("server.max-connections", 1, 65_536);
  static final Setting<Duration> SERVER_HEADER_TIME =
      duration("server.header-time", MILLISECOND, HOUR);
  static final Setting<Duration> SERVER_BODY_TIME = duration("server.body-time", MILLISECOND, HOUR);
  static final Setting<Duration> SERVER_IDLE_TIME = duration("server.idle-time", MILLISECOND, HOUR);
  static final Setting<Duration> SERVER_WRITE_TIME =
      duration("server.write-time", MILLISECOND, HOUR);
  static final Setting<ByteSize> SERVER_MAX_HEADER =
      size("server.max-header", ByteSize.kibibytes(1), ByteSize.mebibytes(1));
  static final Setting<ByteSize> SERVER_MAX_BODY =
      size("server.max-body", ByteSize.kibibytes(1), ByteSize.mebibytes(64));
  static final Setting<ByteSize> SERVER_MAX_UPLOAD =
      size("server.max-upload", ByteSize.kibibytes(1), ByteSize.gibibytes(64));
  static final Setting<Integer> SERVER_MAX_DELIVERIES =
      integer("server.max-deliveries", 1, 100_000);
  static final Setting<ByteSize> SERVER_MAX_DELIVERY_BYTES =
      size("server.max-delivery-bytes", ByteSize.kibibytes(1), ByteSize.gibibytes(16));
  static final Setting<Duration> SERVER_DRAIN_DELAY =
      duration("server.drain-delay", Duration.ZERO, MINUTE.multipliedBy(5));
  static final Setting<Duration> SERVER_SHUTDOWN_GRACE =
      duration("server.shutdown-grace", MILLISECOND, HOUR);

  static final Setting<DeliveriesMode> AUTH_DELIVERIES =
      choice("auth.deliveries", DeliveriesMode.class);
  static final Setting<String> AUTH_DELIVERIES_AUDIENCE = text("auth.deliveries-audience", "text");
  static final Setting<List<String>> AUTH_DELIVERIES_EMAILS =
      list("auth.deliveries-emails", "addresses separated by commas, or empty");
  static final Setting<ApiMode> AUTH_API = choice("auth.api", ApiMode.class);
  static final Setting<String> AUTH_API_AUDIENCE = text("auth.api-audience", "text");
  static final Setting<String> AUTH_API_TENANT_CLAIM = text("auth.api-tenant-claim", "text");
  static final Setting<URI> AUTH_KEYS = uri("auth.keys");
  static final Setting<List<String>> AUTH_ISSUERS =
      list("auth.issuers", "names separated by commas");

  static final Setting<String> DATABASE_URL =
      secret("database.url", "postgres://, postgresql:// or jdbc:postgresql:// URL, or empty");
  static final Setting<String> DATABASE_PASSWORD = secret("database.password", "text");
  static final Setting<Path> DATABASE_PASSWORD_FILE = path("database.password-file");
  static final Setting<String> DATABASE_MIGRATION_URL =
      secret("database.migration-url", "URL as database.url, or empty");
  static final Setting<Migrate> DATABASE_MIGRATE = choice("database.migrate", Migrate.class);
  static final Setting<Install> DATABASE_INSTALL = choice("database.install", Install.class);
  static final Setting<String> DATABASE_PRIVATE_NAME = name("database.private-name");
  static final Setting<Path> DATABASE_PRIVATE_HOME = path("database.private-home");
  static final Setting<Lifetime> DATABASE_PRIVATE_LIFETIME =
      choice("database.private-lifetime", Lifetime.class);
  static final Setting<String> DATABASE_APPLICATION_NAME = name("database.application-name");
  static final Setting<Pooler> DATABASE_POOLER = choice("database.pooler", Pooler.class);
  static final Setting<Integer> DATABASE_REPLICAS = integer("database.replicas", 1, 1_000);
  static final Setting<Budget.Excess> DATABASE_OVER_BUDGET =
      choice("database.over-budget", Budget.Excess.class);
  static final Setting<Integer> DATABASE_POOL_SIZE = integer("database.pool-size", 1, 100);
  static final Setting<Duration> DATABASE_PERMIT_WAIT =
      duration("database.permit-wait", Duration.ZERO, MINUTE);
  static final Setting<Integer> DATABASE_MAX_WAITERS = integer("database.max-waiters", 0, 100_000);
  static final Setting<Duration> DATABASE_HOLD_WARNING =
      duration("database.hold-warning", MILLISECOND, HOUR);
  static final Setting<Duration> DATABASE_HOLD_LIMIT =
      duration("database.hold-limit", MILLISECOND, HOUR);
  static final Setting<Duration> DATABASE_STATEMENT_TIMEOUT =
      duration("database.statement-timeout", SECOND, HOUR);
  static final Setting<Duration> DATABASE_LOCK_TIMEOUT =
      duration("database.lock-timeout", MILLISECOND, HOUR);
  static final Setting<Duration> DATABASE_IDLE_IN_TRANSACTION_TIMEOUT =
      duration("database.idle-in-transaction-timeout", MILLISECOND, HOUR);
  static final Setting<Duration> DATABASE_SOCKET_TIMEOUT =
      duration("database.socket-timeout", SECOND, HOUR.multipliedBy(2));
  static final Setting<Duration> DATABASE_CONNECT_TIMEOUT =
      duration("database.connect-timeout", SECOND, MINUTE);

  static final Setting<BucketKind> BUCKET_KIND = choice("bucket.kind", BucketKind.class);
  static final Setting<ByteSize> BUCKET_MAX_OBJECT_SIZE =
      size("bucket.max-object-size", ByteSize.kibibytes(1), ByteSize.gibibytes(64));
  static final Setting<Path> BUCKET_DIRECTORY = path("bucket.directory");
  static final Setting<Path> BUCKET_STATE_DIRECTORY = path("bucket.state-directory");
  static final Setting<Boolean> BUCKET_WATCH = flag("bucket.watch");
  static final Setting<Path> BUCKET_SPOOL_DIRECTORY = path("bucket.spool-directory");
  static final Setting<String> BUCKET_ENDPOINT =
      text("bucket.endpoint", "URL, host:port, or empty");
  static final Setting<Duration> BUCKET_CONNECT_TIMEOUT =
      duration("bucket.connect-timeout", MILLISECOND, MINUTE);
  static final Setting<Duration> BUCKET_METADATA_TIMEOUT =
      duration("bucket.metadata-timeout", MILLISECOND, HOUR);
  static final Setting<Duration> BUCKET_FETCH_TIMEOUT =
      duration("bucket.fetch-timeout", MILLISECOND, DAY);

  static final Setting<Integer> EXTRACTION_MAX_CHARACTERS =
      integer("extraction.max-characters", 1_000, 1_000_000_000);
  static final Setting<Integer> EXTRACTION_MAX_PAGES =
      integer("extraction.max-pages", 1, 1_000_000);
  static final Setting<Integer> EXTRACTION_MAX_DEPTH = integer("extraction.max-depth", 1, 20);
  static final Setting<Integer> EXTRACTION_MAX_EXPANSION =
      integer("extraction.max-expansion", 2, 1_000);
  static final Setting<Duration> EXTRACTION_TIME_LIMIT =
      duration("extraction.time-limit", SECOND, HOUR);

  static final Setting<ExtractionIsolation> EXTRACTION_ISOLATION =
      choice("extraction.isolation", ExtractionIsolation.class);
  static final Setting<ByteSize> EXTRACTION_PROCESS_MEMORY =
      size("extraction.process-memory", ByteSize.mebibytes(64), ByteSize.gibibytes(16));

  static final Setting<Strategy> CHUNKS_STRATEGY = choice("chunks.strategy", Strategy.class);
  static final Setting<Map<FileKind, Strategy>> CHUNKS_STRATEGIES =
      choices("chunks.strategies", FileKind.class, Strategy.class);
  static final Setting<Integer> CHUNKS_SIZE = integer("chunks.size", 100, 20_000);
  static final Setting<Integer> CHUNKS_OVERLAP = integer("chunks.overlap", 0, 10_000);
  static final Setting<Integer> CHUNKS_TOKENS = integer("chunks.tokens", 0, 8_192);
  static final Setting<Integer> CHUNKS_ROWS = integer("chunks.rows", 1, 1_000);

  static final Setting<EmbedderKind> EMBEDDER_KIND = choice("embedder.kind", EmbedderKind.class);
  static final Setting<String> EMBEDDER_ADOPTED_MODEL =
      text("embedder.adopted-model", "name of a model, or empty");
  static final Setting<Integer> EMBEDDER_LOCAL_THREADS = integer("embedder.local.threads", 0, 64);
  static final Setting<String> GEMINI_API_KEY = secret("embedder.gemini.api-key", "text");
  static final Setting<Path> GEMINI_API_KEY_FILE = path("embedder.gemini.api-key-file");
  static final Setting<String> GEMINI_PROJECT = text("embedder.gemini.project", "text");
  static final Setting<String> GEMINI_LOCATION = text("embedder.gemini.location", "text");

  static final Setting<String> GEMINI_MODEL = name("embedder.gemini.model");
  static final Setting<Integer> GEMINI_DIMENSIONS = integer("embedder.gemini.dimensions", 1, 3_072);
  static final Setting<String> GEMINI_BASE_URL = text("embedder.gemini.base-url", "URL, or empty");
  static final Setting<Integer> GEMINI_MAX_TEXTS = integer("embedder.gemini.max-texts", 0, 250);
  static final Setting<Integer> GEMINI_MAX_TOKENS =
      integer("embedder.gemini.max-tokens", 100, 1_000_000);
  static final Setting<Integer> GEMINI_MAX_REQUESTS =
      integer("embedder.gemini.max-requests", 1, 256);
  static final Setting<Duration> GEMINI_TIMEOUT =
      duration("embedder.gemini.timeout", Duration.ofMillis(10), MINUTE.multipliedBy(10));
  static final Setting<Duration> GEMINI_PATIENCE =
      duration("embedder.gemini.patience", Duration.ZERO, MINUTE.multipliedBy(10));

  static final Setting<String> MULTIMODAL_MODEL =
      text("embedder.multimodal.model", "name of a model, or empty");
  static final Setting<Integer> MULTIMODAL_DIMENSIONS =
      integer("embedder.multimodal.dimensions", 1, 3_072);
  static final Setting<String> MULTIMODAL_ADOPTED_MODEL =
      text("embedder.multimodal.adopted-model", "name of a model, or empty");

  static final Setting<Integer> STUB_DIMENSIONS = integer("embedder.stub.dimensions", 1, 16_000);
  static final Setting<Duration> STUB_LATENCY =
      duration("embedder.stub.latency", Duration.ZERO, MINUTE);

  static final Setting<MediaReaderKind> MEDIA_READER =
      choice("media.reader", MediaReaderKind.class);
  static final Setting<String> MEDIA_MODEL = name("media.model");
  static final Setting<Duration> MEDIA_SEGMENT =
      duration("media.segment", SECOND, SECOND.multipliedBy(80));
  static final Setting<Duration> MEDIA_WINDOW = duration("media.window", MINUTE, HOUR);
  static final Setting<Duration> MEDIA_MAX_LENGTH = duration("media.max-length", SECOND, DAY);
  static final Setting<Integer> MEDIA_MAX_OUTPUT_TOKENS =
      integer("media.max-output-tokens", 256, 65_536);
  static final Setting<Integer> MEDIA_MAX_ANSWER = integer("media.max-answer", 1_000, 1_000_000);
  static final Setting<ByteSize> MEDIA_MAX_INLINE =
      size("media.max-inline", ByteSize.kibibytes(1), ByteSize.mebibytes(7));
  static final Setting<Integer> MEDIA_MAX_REQUESTS = integer("media.max-requests", 1, 256);
  static final Setting<Duration> MEDIA_TIMEOUT =
      duration("media.timeout", Duration.ofMillis(10), MINUTE.multipliedBy(10));

  static final Setting<IndexKind> INDEX_KIND = choice("index.kind", IndexKind.class);
  static final Setting<Integer> INDEX_SEGMENT_ROWS = integer("index.segment-rows", 100, 1_000_000);
  static final Setting<IndexPrecision> INDEX_PRECISION =
      choice("index.precision", IndexPrecision.class);
  static final Setting<ByteSize> INDEX_BUILD_MEMORY =
      size("index.build-memory", ByteSize.parse("16 MiB"), ByteSize.parse("64 GiB"));
  static final Setting<Integer> INGEST_MAX_IN_FLIGHT = integer("ingest.max-in-flight", 1, 10_000);
  static final Setting<Duration> INGEST_ANSWER_BUDGET =
      duration("ingest.answer-budget", Duration.ZERO, SECOND.multipliedBy(8));
  static final Setting<Duration> INGEST_LEASE = duration("ingest.lease", SECOND, DAY);
  static final Setting<Duration> INGEST_RENEW_INTERVAL =
      duration("ingest.renew-interval", MILLISECOND, HOUR);
  static final Setting<Duration> INGEST_SWEEP_INTERVAL =
      duration("ingest.sweep-interval", MILLISECOND, HOUR);
  static final Setting<Integer> INGEST_MAX_ATTEMPTS = integer("ingest.max-attempts", 1, 100);
  static final Setting<Duration> INGEST_FIRST_RETRY_DELAY =
      duration("ingest.first-retry-delay", MILLISECOND, DAY);
  static final Setting<Duration> INGEST_MAX_RETRY_DELAY =
      duration("ingest.max-retry-delay", MILLISECOND, DAY.multipliedBy(7));
  static final Setting<Integer> INGEST_MAX_EXTRACTIONS =
      integer("ingest.max-extractions", 1, 1_000);
  static final Setting<ByteSize> INGEST_WORKING_MEMORY =
      size("ingest.working-memory", ByteSize.mebibytes(1), ByteSize.gibibytes(64));
  static final Setting<TenantId> INGEST_DEFAULT_TENANT = uuid("ingest.default-tenant");
  static final Setting<List<String>> INGEST_BUCKETS =
      list("ingest.buckets", "bucket or bucket/prefix, separated by commas, or empty");
  static final Setting<Duration> INGEST_TOMBSTONE_RETENTION =
      duration("ingest.tombstone-retention", DAY.multipliedBy(31), DAY.multipliedBy(3_650));
  static final Setting<Duration> INGEST_HISTORY_RETENTION =
      duration("ingest.history-retention", DAY, DAY.multipliedBy(3_650));

  static final Setting<LogLevel> LOG_LEVEL = choice("log.level", LogLevel.class);
  static final Setting<LogFormat> LOG_FORMAT = choice("log.format", LogFormat.class);

  static final Setting<String> TRACING_ENDPOINT = text("tracing.endpoint", "URL, or empty");
  static final Setting<Double> TRACING_SAMPLE_RATIO = number("tracing.sample-ratio", 0, 1);

  static final Setting<Duration> RECORDING_MAX_DURATION =
      duration("recording.max-duration", SECOND, DAY);
  static final Setting<ByteSize> RECORDING_MAX_SIZE =
      size("recording.max-size", ByteSize.mebibytes(16), ByteSize.gibibytes(16));

  /** Every key, in the order of the documentation. */
  static final List<Setting<?>> ALL =
      List.of(
          SERVER_HOST,
          SERVER_PORT,
          SERVER_ADMIN_PORT,
          SERVER_MAX_CONNECTIONS,
          SERVER_HEADER_TIME,
          SERVER_BODY_TIME,
          SERVER_IDLE_TIME,
          SERVER_WRITE_TIME,
          SERVER_MAX_HEADER,
          SERVER_MAX_BODY,
          SERVER_MAX_UPLOAD,
          SERVER_MAX_DELIVERIES,
          SERVER_MAX_DELIVERY_BYTES,
          SERVER_DRAIN_DELAY,
          SERVER_SHUTDOWN_GRACE,
          AUTH_DELIVERIES,
          AUTH_DELIVERIES_AUDIENCE,
          AUTH_DELIVERIES_EMAILS,
          AUTH_API,
          AUTH_API_AUDIENCE,
          AUTH_API_TENANT_CLAIM,
          AUTH_KEYS,
          AUTH_ISSUERS,
          DATABASE_URL,
          DATABASE_PASSWORD,
          DATABASE_PASSWORD_FILE,
          DATABASE_MIGRATION_URL,
          DATABASE_MIGRATE,
          DATABASE_INSTALL,
          DATABASE_PRIVATE_NAME,
          DATABASE_PRIVATE_HOME,
          DATABASE_PRIVATE_LIFETIME,
          DATABASE_APPLICATION_NAME,
          DATABASE_POOLER,
          DATABASE_REPLICAS,
          DATABASE_OVER_BUDGET,
          DATABASE_POOL_SIZE,
          DATABASE_PERMIT_WAIT,
          DATABASE_MAX_WAITERS,
          DATABASE_HOLD_WARNING,
          DATABASE_HOLD_LIMIT,
          DATABASE_STATEMENT_TIMEOUT,
          DATABASE_LOCK_TIMEOUT,
          DATABASE_IDLE_IN_TRANSACTION_TIMEOUT,
          DATABASE_SOCKET_TIMEOUT,
          DATABASE_CONNECT_TIMEOUT,
          BUCKET_KIND,
          BUCKET_MAX_OBJECT_SIZE,
          BUCKET_DIRECTORY,
          BUCKET_STATE_DIRECTORY,
          BUCKET_WATCH,
          BUCKET_SPOOL_DIRECTORY,
          BUCKET_ENDPOINT,
          BUCKET_CONNECT_TIMEOUT,
          BUCKET_METADATA_TIMEOUT,
          BUCKET_FETCH_TIMEOUT,
          EXTRACTION_MAX_CHARACTERS,
          EXTRACTION_MAX_PAGES,
          EXTRACTION_MAX_DEPTH,
          EXTRACTION_MAX_EXPANSION,
          EXTRACTION_TIME_LIMIT,
          EXTRACTION_ISOLATION,
          EXTRACTION_PROCESS_MEMORY,
          CHUNKS_STRATEGY,
          CHUNKS_STRATEGIES,
          CHUNKS_SIZE,
          CHUNKS_OVERLAP,
          CHUNKS_TOKENS,
          CHUNKS_ROWS,
          EMBEDDER_KIND,
          EMBEDDER_ADOPTED_MODEL,
          EMBEDDER_LOCAL_THREADS,
          GEMINI_API_KEY,
          GEMINI_API_KEY_FILE,
          GEMINI_PROJECT,
          GEMINI_LOCATION,
          GEMINI_MODEL,
          GEMINI_DIMENSIONS,
          GEMINI_BASE_URL,
          GEMINI_MAX_TEXTS,
          GEMINI_MAX_TOKENS,
          GEMINI_MAX_REQUESTS,
          GEMINI_TIMEOUT,
          GEMINI_PATIENCE,
          MULTIMODAL_MODEL,
          MULTIMODAL_DIMENSIONS,
          MULTIMODAL_ADOPTED_MODEL,
          STUB_DIMENSIONS,
          STUB_LATENCY,
          MEDIA_READER,
          MEDIA_MODEL,
          MEDIA_SEGMENT,
          MEDIA_WINDOW,
          MEDIA_MAX_LENGTH,
          MEDIA_MAX_OUTPUT_TOKENS,
          MEDIA_MAX_ANSWER,
          MEDIA_MAX_INLINE,
          MEDIA_MAX_REQUESTS,
          MEDIA_TIMEOUT,
          INDEX_KIND,
          INDEX_SEGMENT_ROWS,
          INDEX_PRECISION,
          INDEX_BUILD_MEMORY,
          INGEST_MAX_IN_FLIGHT,
          INGEST_ANSWER_BUDGET,
          INGEST_LEASE,
          INGEST_RENEW_INTERVAL,
          INGEST_SWEEP_INTERVAL,
          INGEST_MAX_ATTEMPTS,
          INGEST_FIRST_RETRY_DELAY,
          INGEST_MAX_RETRY_DELAY,
          INGEST_MAX_EXTRACTIONS,
          INGEST_WORKING_MEMORY,
          INGEST_DEFAULT_TENANT,
          INGEST_BUCKETS,
          INGEST_TOMBSTONE_RETENTION,
          INGEST_HISTORY_RETENTION,
          LOG_LEVEL,
          LOG_FORMAT,
          TRACING_ENDPOINT,
          TRACING_SAMPLE_RATIO,
          RECORDING_MAX_DURATION,
          RECORDING_MAX_SIZE);

  /** The keys alone. */
  static final Set<String> KEYS =
      ALL.stream().map(Setting::key).collect(Collectors.toUnmodifiableSet());

  private Settings() {}
}

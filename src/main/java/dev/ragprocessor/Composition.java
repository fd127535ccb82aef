package dev.ragprocessor;

import dev.ragprocessor.bucket.CloudStorage;
import dev.ragprocessor.bucket.CloudStorageCredentials;
import dev.ragprocessor.bucket.DirectoryBuckets;
import dev.ragprocessor.bucket.DirectoryWatcher;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.bucket.Spool;
import dev.ragprocessor.bucket.WatcherSettings;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.db.PasswordFile;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Secret;
import dev.ragprocessor.db.cluster.PrivateCluster;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.GeminiEmbedder;
import dev.ragprocessor.embed.GeminiMediaEmbedder;
import dev.ragprocessor.embed.GeminiSettings;
import dev.ragprocessor.embed.LocalEmbedder;
import dev.ragprocessor.embed.MediaEmbedder;
import dev.ragprocessor.embed.MediaEmbedderSettings;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.embed.PredictMediaEmbedder;
import dev.ragprocessor.embed.StubEmbedder;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.extract.ModelTokens;
import dev.ragprocessor.extract.media.MediaReader;
import dev.ragprocessor.extract.media.MediaSettings;
import dev.ragprocessor.http.Gateway;
import dev.ragprocessor.http.Health;
import dev.ragprocessor.http.HealthCheck;
import dev.ragprocessor.http.PageSources;
import dev.ragprocessor.ingest.Comparison;
import dev.ragprocessor.ingest.MediaModels;
import dev.ragprocessor.ingest.Processor;
import dev.ragprocessor.ingest.Sealer;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Schema;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.SegmentStatements;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.SpaceKind;
import dev.ragprocessor.store.SpaceMismatchException;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.telemetry.RuntimeMeters;
import dev.ragprocessor.telemetry.Tracing;
import dev.ragprocessor.telemetry.recording.Recordings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the parts of the program, each from the configuration and from the parts that it stands on.
 * Whatever is opened is closed with the closables, in reverse. The caller asks in dependency order,
 * and for what its command needs only.
 */
final class Composition {
  private static final String MIGRATIONS = "classpath:db/migration";
  private static final String DATABASE = "rag";

  private final Configuration configuration;
  private final RoomSettings rooms;
  private final Terminal terminal;
  private final Closables closables;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private volatile boolean migrated;

  Composition(Configuration configuration, Terminal terminal, Closables closables) {
    this.configuration = configuration;
    this.rooms = new RoomSettings(configuration);
    this.terminal = terminal;
    this.closables = closables;
    Logs.configure(configuration, terminal);
  }

  /** Where every part's meters are. */
  PrometheusMeterRegistry meters() {
    return meters;
  }

  /** Promises a PostgreSQL: the one that is configured, or a private one that is started now. */
  DatabaseEndpoint endpoint() {
    if (!configuration.isUnset(Settings.DATABASE_URL)) {
      DatabaseEndpoint endpoint = configured(Settings.DATABASE_URL);
      return configuration.get(Settings.DATABASE_POOLER) == Pooler.TRANSACTION
          ? endpoint.behind(Pooler.TRANSACTION)
          : endpoint;
    }
    PrivateCluster cluster =
        PrivateCluster.start(rooms.cluster(terminal.environment()), this::tell);
    closables.add(cluster::close);
    DatabaseUrl url = cluster.createDatabase(DATABASE);
    return url.endpoint(url::password);
  }

  /**
   * Promises that the schema is up to date.
   *
   * @return how many migrations ran now
   */
  int migrate(DatabaseEndpoint endpoint) {
    int ran = Migrations.run(direct(endpoint), MIGRATIONS);
    migrated = true;
    return ran;
  }

  /** Promises the same, where the configuration does not leave it to somebody else. */
  void migrateAtStart(DatabaseEndpoint endpoint) {
    if (mayMigrate()) {
      migrate(endpoint);
    }
  }

  /** Promises the pool, over a schema that this release works on. */
  Database database(DatabaseEndpoint endpoint) {
    Database database = Database.open(rooms.database(endpoint), meters);
    closables.add(database::close);
    if (!mayMigrate()) {
      database.execute("start.schema", Schema::require);
      migrated = true;
    }
    return database;
  }

  private boolean mayMigrate() {
    return configuration.get(Settings.DATABASE_MIGRATE) == Settings.Migrate.AT_START;
  }

  /** Promises who makes vectors. */
  TextEmbedder embedder() {
    TextEmbedder embedder =
        switch (rooms.embedder()) {
          case EmbedderSettings.Local local -> new LocalEmbedder(local, meters);
          case EmbedderSettings.Stub stub -> stub(stub);
          case GeminiSettings gemini -> GeminiEmbedder.open(gemini, meters);
        };
    closables.add(embedder::close);
    return embedder;
  }

  private TextEmbedder stub(EmbedderSettings.Stub settings) {
    tell(
        "embedder.kind = stub: its vectors have no meaning, so that no search finds what it is"
            + " for");
    return new StubEmbedder(settings);
  }

  /** Promises the models for images, audio and video; empty where nobody reads them. */
  Optional<MediaModels> media(DatabaseEndpoint endpoint, Database database) {
    return rooms
        .media()
        .map(
            settings -> {
              MediaReader reader = mediaReader(settings);
              MediaVectors vectors =
                  mediaEmbedder()
                      .map(
                          embedder ->
                              new MediaVectors(
                                  embedder,
                                  indexed(endpoint, database, activate(database, embedder))))
                      .orElse(null);
              return new MediaModels(reader, vectors);
            });
  }

  /**
   * Promises who brings media before models.
   *
   * @throws ConfigurationException when nobody reads images and recordings
   */
  MediaReader mediaReader() {
    return mediaReader(rooms.media().orElseThrow(Composition::nobodyReadsMedia));
  }

  private MediaReader mediaReader(MediaSettings settings) {
    MediaReader reader = MediaReader.open(settings, meters);
    closables.add(reader::close);
    return reader;
  }

  private static ConfigurationException nobodyReadsMedia() {
    return new ConfigurationException(
        List.of(
            "vectors of media need media.reader = gemini (or embedder.kind = gemini), and"
                + " embedder.multimodal.model"));
  }

  /**
   * Promises who makes vectors of media.
   *
   * @throws ConfigurationException when nobody does
   */
  MediaEmbedder requiredMediaEmbedder() {
    return mediaEmbedder().orElseThrow(Composition::nobodyReadsMedia);
  }

  private Optional<MediaEmbedder> mediaEmbedder() {
    return rooms
        .mediaEmbedder()
        .map(
            settings -> {
              MediaEmbedder embedder =
                  switch (settings) {
                    case MediaEmbedderSettings.Gemini gemini ->
                        GeminiMediaEmbedder.open(gemini, meters);
                    case MediaEmbedderSettings.Predict predict ->
                        PredictMediaEmbedder.open(predict, meters);
                  };
              closables.add(embedder::close);
              return embedder;
            });
  }

  /**
   * Promises that the stored vectors and the embedder's can be compared, and are indexed; where the
   * index is left to somebody else and is missing, that is said.
   */
  ActiveSpace space(DatabaseEndpoint endpoint, Database database, TextEmbedder embedder) {
    return indexed(endpoint, database, activate(database, embedder));
  }

  private ActiveSpace indexed(DatabaseEndpoint endpoint, Database database, ActiveSpace space) {
    if (mayMigrate()) {
      index(endpoint, database, space);
    } else if (!indexStatements(database, space).isEmpty()) {
      tell(
          "The vectors have no index, so that searches read all of them: run rag-processor migrate"
              + " --index");
    }
    return space;
  }

  /**
   * Promises that the configured models' spaces are the active ones, and indexed.
   *
   * @throws SpaceMismatchException when vectors of another are stored
   */
  void index(DatabaseEndpoint endpoint) {
    Database database = database(endpoint);
    index(endpoint, database, activate(database, embedder()));
    if (rooms.media().isPresent()) {
      mediaEmbedder()
          .ifPresent(embedder -> index(endpoint, database, activate(database, embedder)));
    }
  }

  private ActiveSpace activate(Database database, TextEmbedder embedder) {
    return activate(database, SpaceKind.TEXT, embedder.space(), Settings.EMBEDDER_ADOPTED_MODEL);
  }

  private ActiveSpace activate(Database database, MediaEmbedder embedder) {
    return activate(
        database, SpaceKind.MULTIMODAL, embedder.space(), Settings.MULTIMODAL_ADOPTED_MODEL);
  }

  private ActiveSpace activate(
      Database database, SpaceKind kind, Space wanted, Setting<String> adoptedModel) {
    return database.inTransaction(
        "start.space", db -> Spaces.activate(db, kind, wanted, configuration.get(adoptedModel)));
  }

  /** Promises that the space's vectors are indexed, as the configuration has it. */
  void index(DatabaseEndpoint endpoint, Database database, ActiveSpace space) {
    // Asked for before it is our turn as well, so as not to wait for a build in vain.
    if (!indexStatements(database, space).isEmpty()) {
      index(endpoint, () -> indexStatements(database, space));
    }
  }

  private List<String> indexStatements(Database database, ActiveSpace space) {
    return database.execute(
        "start.index",
        db -> {
          if (inSegments(space)) {
            return SegmentStatements.atStart(db, space, rooms.segments().precision());
          }
          List<String> whole = new ArrayList<>(Spaces.indexStatements(db, space));
          whole.addAll(SegmentStatements.withoutSegments(db, space));
          return whole;
        });
  }

  private boolean inSegments(ActiveSpace space) {
    return space.kind() == SpaceKind.TEXT
        && configuration.get(Settings.INDEX_KIND) == Settings.IndexKind.SEGMENTS;
  }

  /** Promises the statements that put segments in the place of the index over all rows. */
  List<String> insteadOfWhole(Scope db, ActiveSpace space) {
    return SegmentStatements.insteadOfWhole(db, space, rooms.segments().precision());
  }

  /** Promises that segments are sealed and built from now on, where vectors are indexed so. */
  void seal(DatabaseEndpoint endpoint, Database database, ActiveSpace space) {
    if (inSegments(space)) {
      Sealer sealer = new Sealer(database, direct(endpoint), space, rooms.segments(), meters);
      closables.add(sealer::close);
    }
  }

  /** Promises that the statements have run, one process after another; they may take long. */
  void index(DatabaseEndpoint endpoint, Supplier<List<String>> statements) {
    Migrations.build(
        direct(endpoint), SegmentIndexes.WORK, rooms.segments().sessionParameters(), statements);
  }

  /** Promises where objects are read. */
  ObjectStore objects() {
    Spool spool = new Spool(spoolDirectory());
    ObjectStore objects =
        switch (configuration.get(Settings.BUCKET_KIND)) {
          case DIRECTORY -> new DirectoryBuckets(rooms.directory(), spool);
          case CLOUD_STORAGE -> new CloudStorage(rooms.cloudStorage(), credentials(), spool);
        };
    closables.add(objects::close);
    return objects;
  }

  /**
   * Promises what turns events into documents.
   *
   * @param media null where nobody reads images and recordings
   */
  Processor processor(
      Database database,
      ActiveSpace space,
      TextEmbedder embedder,
      @Nullable MediaModels media,
      ObjectStore objects) {
    Tracing tracing = rooms.tracing().map(Tracing::to).orElseGet(Tracing::off);
    closables.add(tracing::close);
    Processor processor =
        new Processor(
            rooms.ingest(),
            configuration.get(Settings.SERVER_SHUTDOWN_GRACE),
            database,
            space,
            objects,
            extractor(),
            new Chunking(rooms.chunking(), new ModelTokens(embedder::tokens, embedder.maxTokens())),
            embedder,
            media,
            meters,
            tracing);
    closables.add(processor::close);
    return processor;
  }

  /** Promises what finds the differences between bucket and database. */
  Comparison comparison(Database database, ObjectStore objects) {
    return new Comparison(rooms.ingest(), database, objects);
  }

  /** Promises what reads files; a child process that does is started now. */
  private Extractor extractor() {
    Extractor extractor = new Extractor(rooms.extraction(), rooms.isolation());
    closables.add(extractor::close);
    return extractor;
  }

  /**
   * Promises what answers questions.
   *
   * @param media null where nobody reads images and recordings
   */
  Search search(
      Database database, ActiveSpace space, TextEmbedder embedder, @Nullable MediaModels media) {
    return new Search(database, embedder, space, media == null ? null : media.vectors());
  }

  /** Promises a server that listens when it returns. */
  Gateway gateway(Database database, Processor processor, Search search, ObjectStore objects) {
    HealthCheck schema = new HealthCheck("migrations", () -> migrated);
    Health health =
        new Health(
            List.of(schema),
            List.of(),
            List.of(
                schema,
                new HealthCheck(
                    "database",
                    () ->
                        switch (database.health()) {
                          case dev.ragprocessor.db.Health.Up() -> true;
                          case dev.ragprocessor.db.Health.Down _ -> false;
                        })));
    closables.add(RuntimeMeters.bind(meters, RagProcessor.version())::close);
    Recordings recordings = new Recordings(rooms.recording());
    closables.add(recordings::close);
    Gateway gateway =
        new Gateway(
            rooms.http(),
            processor.deliveries()::deliver,
            database,
            search,
            page(database, objects),
            health,
            meters,
            recordings);
    closables.add(gateway::close);
    gateway.start();
    return gateway;
  }

  private PageSources page(Database database, ObjectStore objects) {
    boolean open =
        configuration.get(Settings.AUTH_API) == Settings.ApiMode.LOOPBACK
            && configuration.get(Settings.BUCKET_WATCH);
    return new PageSources(
        RagProcessor.version(),
        configuration.get(Settings.INGEST_DEFAULT_TENANT),
        database::state,
        open && objects instanceof DirectoryBuckets buckets
            ? new PageSources.Uploads(
                buckets, configuration.get(Settings.SERVER_MAX_UPLOAD).bytes())
            : null);
  }

  /** Promises that changes of a directory are delivered to this port from now on. */
  void watch(ObjectStore objects, int port) {
    if (objects instanceof DirectoryBuckets buckets && configuration.get(Settings.BUCKET_WATCH)) {
      URI door = rooms.address(port).resolve("/");
      DirectoryWatcher watcher = new DirectoryWatcher(buckets, WatcherSettings.to(door));
      closables.add(watcher::close);
      watcher.start();
    }
  }

  private void tell(String progress) {
    terminal.tell("%s", progress);
  }

  /** What takes a session's lock must not go through a transaction pooler. */
  private DatabaseSettings direct(DatabaseEndpoint endpoint) {
    return rooms.database(
        configuration.isUnset(Settings.DATABASE_MIGRATION_URL)
            ? endpoint
            : configured(Settings.DATABASE_MIGRATION_URL));
  }

  private DatabaseEndpoint configured(Setting<String> setting) {
    DatabaseUrl url = DatabaseUrl.parse(configuration.get(setting));
    return url.endpoint(password(url));
  }

  /** The one in the URL comes first: it belongs to that server for sure. */
  private Supplier<Secret> password(DatabaseUrl url) {
    if (!url.password().isNone()) {
      return url::password;
    }
    if (!configuration.isUnset(Settings.DATABASE_PASSWORD_FILE)) {
      return new PasswordFile(configuration.get(Settings.DATABASE_PASSWORD_FILE));
    }
    Secret password = new Secret(configuration.get(Settings.DATABASE_PASSWORD));
    return () -> password;
  }

  private Path spoolDirectory() {
    return configuration.isUnset(Settings.BUCKET_SPOOL_DIRECTORY)
        ? Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-spool")
        : configuration.get(Settings.BUCKET_SPOOL_DIRECTORY);
  }

  /** A stand-in at another address asks for none, and must not be shown ours. */
  private CloudStorageCredentials credentials() {
    return configuration.isUnset(Settings.BUCKET_ENDPOINT)
        ? CloudStorageCredentials.applicationDefault()
        : CloudStorageCredentials.none();
  }
}

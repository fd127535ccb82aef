package dev.ragprocessor.ingest;

import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.ChunkingSettings;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.extract.ModelTokens;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.telemetry.Tracing;
import dev.ragprocessor.testing.MemoryBucket;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The room with real neighbours: PostgreSQL, extractor and chunker; bucket and model in memory. */
final class IngestRig implements AutoCloseable {
  static final TenantId TENANT = new TenantId(new UUID(0, 42));
  static final String BUCKET = "library";

  final MemoryBucket bucket = new MemoryBucket();
  final CountingEmbedder embedder;
  final Database database;
  final ActiveSpace space;
  private final AtomicLong eventNumber = new AtomicLong();
  private final Draft draft;
  private final @Nullable MediaModels media;
  private Processor processor;

  /** What a test changes of the settings. */
  static final class Draft {
    int maxInFlight = 32;
    long answerBudgetMillis = 8_000;
    long leaseMillis = 120_000;
    long renewMillis = 5_000;
    long sweepMillis = 100;
    int maxAttempts = 3;
    long firstRetryMillis = 50;
    int tombstoneRetention = 31;
    long workingMemory = 64L << 20;
    Set<String> buckets = Set.of();
    @Nullable ObjectStore objects;
    Function<Database, @Nullable MediaModels> media = _ -> null;
  }

  static IngestSettings settings() {
    return settings(draft -> {});
  }

  static IngestSettings settings(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return settings(draft);
  }

  private static IngestSettings settings(Draft draft) {
    return new IngestSettings(
        draft.maxInFlight,
        Duration.ofMillis(draft.answerBudgetMillis),
        Duration.ofMillis(draft.leaseMillis),
        Duration.ofMillis(draft.renewMillis),
        Duration.ofMillis(draft.sweepMillis),
        draft.maxAttempts,
        Duration.ofMillis(draft.firstRetryMillis),
        Duration.ofMillis(Math.max(1_000, draft.firstRetryMillis)),
        2,
        draft.workingMemory,
        TENANT,
        draft.buckets,
        Duration.ofDays(draft.tombstoneRetention),
        Duration.ofDays(30));
  }

  IngestRig() throws SQLException {
    this(draft -> {});
  }

  IngestRig(Consumer<Draft> change) throws SQLException {
    this(TestDatabases.migrated(), change);
  }

  IngestRig(String databaseUrl, Consumer<Draft> change) {
    this(databaseUrl, new CountingEmbedder(), change);
  }

  IngestRig(String databaseUrl, CountingEmbedder embedder, Consumer<Draft> change) {
    this.embedder = embedder;
    draft = new Draft();
    change.accept(draft);
    DatabaseSettings settings = DatabaseSettings.of(databaseUrl);
    database = Database.open(settings, new SimpleMeterRegistry());
    space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    media = draft.media.apply(database);
    processor = start();
  }

  /** Another process over the same database. */
  Processor start() {
    return new Processor(
        settings(draft),
        Duration.ofSeconds(10),
        database,
        space,
        draft.objects == null ? bucket : draft.objects,
        new Extractor(ExtractionSettings.DEFAULT),
        chunking(),
        embedder,
        media,
        new SimpleMeterRegistry(),
        Tracing.off());
  }

  static Chunking chunking() {
    return new Chunking(ChunkingSettings.DEFAULT, new ModelTokens(String::length, 2_048));
  }

  /** Waits until nothing is at work here. */
  void atRest() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> processor.atRest() && database.state().active() == 0);
  }

  void restart() {
    processor.close();
    processor = start();
  }

  ObjectAttributes put(String name, String text) {
    return bucket.put(BUCKET, name, text);
  }

  Outcome finalized(ObjectAttributes object) {
    return finalized(processor, object);
  }

  Outcome finalized(Processor replica, ObjectAttributes object) {
    return replica.deliveries().deliver(new StorageEvent.Finalized(nextId(), object));
  }

  CompletableFuture<Outcome> finalizedLater(Processor replica, ObjectAttributes object) {
    return CompletableFuture.supplyAsync(
        () -> finalized(replica, object), Thread::startVirtualThread);
  }

  Processor processor() {
    return processor;
  }

  Outcome deleted(ObjectAttributes object) {
    return processor.deliveries().deliver(new StorageEvent.Deleted(nextId(), object));
  }

  Outcome archived(ObjectAttributes object) {
    return processor.deliveries().deliver(new StorageEvent.Archived(nextId(), object));
  }

  Outcome metadataUpdated(ObjectAttributes object) {
    return processor.deliveries().deliver(new StorageEvent.MetadataUpdated(nextId(), object));
  }

  /** The stored text of an object, chunks in order; empty when it has none. */
  List<String> chunks(ObjectId object) {
    return database.execute(
        db ->
            db.query(
                    """
                    SELECT c.content FROM document_chunks c
                      JOIN documents d ON d.id = c.document_id
                     WHERE d.gcs_path = ? ORDER BY c.chunk_index
                    """,
                    object.path())
                .map(row -> row.column("content").getString())
                .toList());
  }

  /** One value of the only row that the query finds. */
  <T> T value(Class<T> type, String sql, Object... parameters) {
    return database.execute(
        db -> db.get(sql, parameters).map(row -> row.column(1).get(type)).orElseThrow());
  }

  void execute(String sql, Object... parameters) {
    database.execute(db -> db.dml(sql, parameters));
  }

  private EventId nextId() {
    return new EventId("//storage.googleapis.com/test", "" + eventNumber.incrementAndGet());
  }

  @Override
  public void close() {
    processor.close();
    database.close();
  }
}

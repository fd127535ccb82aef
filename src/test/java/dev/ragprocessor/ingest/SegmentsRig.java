package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.db.PoolSettings;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.IndexPrecision;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.SegmentStatements;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A database of its own with chunks in segments, whose vectors are random. */
final class SegmentsRig implements AutoCloseable {
  static final TenantId ANNA = new TenantId(new UUID(0, 1));
  static final TenantId BEN = new TenantId(new UUID(0, 2));
  static final long MEMORY = 64L << 20;

  final String url;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final DatabaseSettings settings;
  final Database database;
  final ActiveSpace space;
  private final List<Sealer> sealers = new ArrayList<>();

  SegmentsRig(int dimensions) throws SQLException {
    url = TestDatabases.migrated();
    // So that small indexes are used as large ones are.
    sql(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_sort = off', current_database());"
            + " END $$");
    settings =
        DatabaseSettings.of(url)
            .applicationName("segments-" + ThreadLocalRandom.current().nextInt(1 << 30))
            .pool(PoolSettings.DEFAULT.permitWait(Duration.ofSeconds(30)));
    database = Database.open(settings, new SimpleMeterRegistry());
    space =
        database.inTransaction(
            db -> Spaces.activate(db, new Space("random", dimensions, "retrieval"), ""));
    Migrations.build(
        settings,
        SegmentIndexes.WORK,
        () -> database.execute(db -> SegmentStatements.atStart(db, space, IndexPrecision.VECTOR)));
  }

  Sealer seal(int rows) {
    return seal(rows, IndexPrecision.VECTOR, Duration.ofHours(1));
  }

  /** Seals and builds, and merges what is left when nothing was stored for that long. */
  Sealer seal(int rows, IndexPrecision precision, Duration rest) {
    Sealer sealer =
        new Sealer(
            database,
            settings,
            space,
            new SegmentSettings(rows, MEMORY, precision, Duration.ofMillis(20), rest),
            meters);
    sealers.add(sealer);
    return sealer;
  }

  /** A chunk that was committed. */
  @SuppressWarnings("ArrayRecordComponent")
  record Stored(UUID id, ObjectId object, float[] vector) {}

  List<Stored> store(ObjectId object, TenantId tenant, int chunks) {
    List<EmbeddedChunk> embedded = new ArrayList<>(chunks);
    List<Stored> stored = new ArrayList<>(chunks);
    for (int index = 0; index < chunks; index++) {
      String text = "%d.%d of %s".formatted(object.generation(), index, object.path());
      UUID id = Chunks.idOf(object, text, 1);
      float[] vector = vector();
      embedded.add(new EmbeddedChunk(id, index, text, "", "{}", vector));
      stored.add(new Stored(id, object, vector));
    }
    DocumentVersion version =
        new DocumentVersion(object, 1, tenant, 1, "", "text/plain", FileCategory.DOCUMENTS);
    database.inTransaction(
        db -> {
          Documents.Owned document =
              Results.completed(db, version, JobStatus.PROCESSED, chunks).document();
          Chunks.replace(db, document, space, embedded);
          return document;
        });
    return stored;
  }

  void delete(ObjectId object) {
    database.inTransaction(
        db ->
            db.dml(
                """
                DELETE FROM document_chunks
                 WHERE document_id = (SELECT id FROM documents WHERE gcs_path = ?)
                """,
                object.path()));
  }

  float[] vector() {
    float[] vector = new float[space.space().dimensions()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) ThreadLocalRandom.current().nextGaussian();
    }
    return vector;
  }

  List<UUID> nearest(float[] question, @Nullable TenantId tenant, int limit) {
    PassageSearch.Filter filter = new PassageSearch.Filter(tenant, List.of(), null, null, null);
    return database
        .inTransaction(db -> PassageSearch.nearest(db, space, question, filter, limit, -1))
        .stream()
        .map(PassageSearch.Hit::chunkId)
        .toList();
  }

  SegmentIndexes.State state() {
    return database.execute(db -> SegmentIndexes.look(db, space, 1_000_000));
  }

  long unindexed() {
    return database.execute(db -> SegmentIndexes.unindexed(db, space, state(), 1_000_000));
  }

  void sql(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  @Override
  public void close() {
    sealers.forEach(Sealer::close);
    database.close();
  }
}

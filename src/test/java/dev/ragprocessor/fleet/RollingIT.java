package dev.ragprocessor.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.PgBouncer;
import dev.ragprocessor.testing.TestDatabases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four replicas as processes of their own over one database, rolled one by one while a bucket
 * changes, and while the schema of a next release comes in: nothing is lost, nothing is done twice,
 * nobody is turned away but with 429 or 503, and the server never sees more connections than were
 * budgeted.
 */
class RollingIT {
  private static final int REPLICAS = 4;
  private static final int POOL = 3;

  /** A replica's pool, and one connection of its start or of its health. */
  private static final int SHARE = POOL + 1;

  /** What a start takes beside the pooler: its turn, and Flyway's two. */
  private static final int MIGRATION = 3;

  /** What the pooler shares among all. */
  private static final int POOLED = 4;

  /** Of load before, between and after the steps of the roll. */
  private static final Duration BETWEEN =
      Duration.ofMillis(Integer.getInteger("roll.milliseconds", 300));

  @TempDir Path directory;

  /** How the replicas reach the database before the roll, and how after it. */
  enum Roll {
    DIRECT_TO_POOLER(REPLICAS * SHARE + POOLED + MIGRATION),
    // One more that starts, and one that is on its way out.
    DIRECT((REPLICAS + 2) * SHARE),
    POOLER(POOLED + REPLICAS * MIGRATION);

    private final int budget;

    Roll(int budget) {
      this.budget = budget;
    }

    Map<String, String> before(String database, PgBouncer pooler) {
      return switch (this) {
        case DIRECT_TO_POOLER, DIRECT -> direct(database);
        case POOLER -> pooled(database, pooler);
      };
    }

    Map<String, String> after(String database, PgBouncer pooler) {
      return switch (this) {
        case DIRECT -> direct(database);
        case DIRECT_TO_POOLER, POOLER -> pooled(database, pooler);
      };
    }

    private static Map<String, String> direct(String database) {
      return Map.of("database.url", database);
    }

    private static Map<String, String> pooled(String database, PgBouncer pooler) {
      return Map.of(
          "database.url",
          pooler.url(),
          "database.pooler",
          "transaction",
          "database.migration-url",
          database);
    }
  }

  /** The first by itself covers every way; the soak takes all, and longer. */
  static Stream<Roll> rolls() {
    return Arrays.stream(Roll.values()).limit(Integer.getInteger("roll.ways", 1));
  }

  @ParameterizedTest
  @MethodSource("rolls")
  void a_roll_under_load_loses_and_doubles_nothing(Roll roll) throws Exception {
    String database = TestDatabases.create();
    try (CloudStorageStandIn storage = new CloudStorageStandIn();
        PgBouncer pooler = new PgBouncer(database, 100, POOLED);
        Fleet fleet = Fleet.of(REPLICAS, settings(roll.before(database, pooler), storage));
        Forwarder forwarder = new Forwarder(fleet::endpoints);
        Connections connections = new Connections(database, fleet::replicas)) {
      Bucket bucket = new Bucket(storage, forwarder, 20_261_123);
      try (Load load = new Load(bucket)) {
        load.goesOnFor(BETWEEN);
        for (int i = 0; i < REPLICAS; i++) {
          if (i == REPLICAS / 2) {
            migrateToNextRelease(database);
          }
          fleet.rollOldest(settings(roll.after(database, pooler), storage));
          load.goesOnFor(BETWEEN);
        }
        fleet.awaitLeft();
        load.goesOnFor(BETWEEN);
        load.end();
      }

      assertThat(forwarder.acknowledged(Duration.ofSeconds(60)))
          .as("%s %s", forwarder.answers(), forwarder.unanswered())
          .isTrue();
      awaitRest(database);
      assertThat(stored(database)).isEqualTo(bucket.truth());
      assertThat(doneTwice(database)).isEmpty();
      assertThat(forwarder.unanswered()).isEmpty();
      assertThat(forwarder.answers().keySet()).contains(202, 204).isSubsetOf(202, 204, 429, 503);
      assertThat(connections.mostBesideEvicted()).isLessThanOrEqualTo(roll.budget);
      assertThat(connections.samples()).isGreaterThan(REPLICAS * 5);
      assertThat(bucket.writes()).isGreaterThan(REPLICAS * 20);
      System.out.printf(
          "%s: %d writes, answers %s, at most %d connections of %d in %d samples%n",
          roll,
          bucket.writes(),
          forwarder.answers(),
          connections.most(),
          roll.budget,
          connections.samples());
    }
  }

  private Map<String, String> settings(Map<String, String> where, CloudStorageStandIn storage) {
    Map<String, String> settings = new HashMap<>(where);
    settings.put("database.pool-size", Integer.toString(POOL));
    settings.put("bucket.kind", "cloud-storage");
    settings.put("bucket.endpoint", storage.baseUrl().toString());
    settings.put("bucket.spool-directory", directory.toString());
    settings.put("embedder.kind", "stub");
    // About as long as the answer may take: some deliveries are done by then, the others claimed.
    settings.put("embedder.stub.latency", "40 ms");
    settings.put("ingest.answer-budget", "50 ms");
    settings.put("ingest.max-in-flight", "16");
    settings.put("server.drain-delay", Fleet.DRAIN_DELAY.toMillis() + " ms");
    settings.put("server.shutdown-grace", "5 s");
    return settings;
  }

  /** What a next release may do while this one runs. */
  private static void migrateToNextRelease(String database) {
    int migrations =
        Migrations.run(
            DatabaseSettings.of(database),
            "classpath:db/migration",
            "classpath:fleet/next-release");
    assertThat(migrations).isPositive();
  }

  private static void awaitRest(String database) {
    String atWork =
        """
        SELECT file_path, status::text, lease_owner, error_message FROM document_processing_jobs
         WHERE status IN ('pending', 'processing', 'retry_pending')
        """;
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(Rows.of(database, atWork)).isEmpty());
  }

  /** Every document with the texts of its chunks. */
  private static List<String> stored(String database) throws SQLException {
    return Rows.of(
        database,
        """
        SELECT d.gcs_path, d.generation, d.status::text,
               '[' || (SELECT string_agg(c.content, ' | ') FROM document_chunks c
                        WHERE c.document_id = d.id) || ']'
          FROM documents d ORDER BY d.gcs_path COLLATE "C"
        """);
  }

  /** Generations that more than one attempt finished. */
  private static List<String> doneTwice(String database) throws SQLException {
    return Rows.of(
        database,
        """
        SELECT job_id, generation, count(*) FROM job_attempts WHERE outcome = 'processed'
         GROUP BY job_id, generation HAVING count(*) > 1
        """);
  }
}

package dev.ragprocessor.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service is killed at random points, one process alone and one of two, while objects are put,
 * overwritten and deleted under redelivery: nothing is lost, nothing is there twice, nothing is
 * stale, nothing was ever half there. Three kills by default; {@code mvn verify -Psoak} makes it 30
 * over 2,000 objects.
 */
class Row38CrashIT {
  private static final int KILLS = Integer.getInteger("crash.kills", 3);
  private static final int OBJECTS = Integer.getInteger("crash.objects", 100);
  private static final int PARTS = 3;

  private static final Duration SPREAD = Duration.ofMillis(150);
  private static final Duration REDELIVERY = Duration.ofMillis(100);

  /** A lease, a sweep, the longest delay of a redelivery, and the work itself, many times. */
  private static final Duration AT_REST = Duration.ofSeconds(60);

  /** For each generation that is shown: whether its chunks are all there and of one version. */
  private static final String SHOWN =
      """
      SELECT d.gcs_path, d.generation, d.status::text,
             d.chunk_count = count(DISTINCT c.id)
               AND d.chunk_count = count(DISTINCT c.chunk_index) AS whole,
             string_agg(DISTINCT part[1] || '/' || part[2], ' ') AS parts
        FROM documents d
        LEFT JOIN document_chunks c ON c.document_id = d.id
        LEFT JOIN LATERAL regexp_matches(c.content, 'version ([0-9]+), part ([0-9]+)', 'g')
                  AS found (part) ON true
       WHERE d.generation IS NOT NULL
       GROUP BY d.id ORDER BY d.gcs_path
      """;

  private static final String HALF =
      "SELECT * FROM (%s) shown WHERE NOT whole OR parts !~ '^([0-9]+)/1 \\1/2 \\1/3$'"
          .formatted(SHOWN);

  @TempDir Path directory;
  private final Random random = new Random();

  static Stream<Arguments> runs() {
    int alone = KILLS / 2;
    return Stream.of(Arguments.of(1, alone), Arguments.of(2, KILLS - alone));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void a_process_that_is_killed_at_any_point_loses_and_doubles_nothing(int replicas, int kills)
      throws Exception {
    String database = TestDatabases.migrated();
    List<Replica> serving = new CopyOnWriteArrayList<>();
    try (CloudStorageStandIn storage = new CloudStorageStandIn();
        Eventarc eventarc = new Eventarc(() -> addresses(serving), 24, SPREAD, REDELIVERY, 38)) {
      Map<String, String> settings = settings(database, storage);
      for (int number = 0; number < replicas; number++) {
        serving.add(Replica.start(settings));
      }
      Bucket bucket = new Bucket(storage, eventarc::publish, OBJECTS, Row38CrashIT::text, 38);
      int seen = 0;
      try (Unrest unrest = new Unrest(bucket::change)) {
        for (int kill = 0; kill < kills; kill++) {
          seen += awaitHalfDone(eventarc, database);
          int victim = random.nextInt(replicas);
          serving.get(victim).kill();
          assertThat(serving.get(victim).said()).doesNotContain(" ERROR ");
          serving.set(victim, Replica.start(settings));
        }
        unrest.endAfter(() -> bucket.writes() >= OBJECTS);
      }
      long begun = System.nanoTime();
      assertThat(eventarc.settled(AT_REST)).as("%s", eventarc.answers()).isTrue();
      awaitNoJobs(database);
      Duration rest = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(Rows.of(database, SHOWN)).isEqualTo(truth(bucket));
      assertThat(
              Rows.of(
                  database,
                  "SELECT * FROM object_tombstones t JOIN documents d ON"
                      + " d.gcs_path = 'gs://' || t.bucket || '/' || t.name"
                      + " WHERE t.generation >= d.generation"))
          .isEmpty();
      assertThat(eventarc.answers().keySet()).contains(204).isSubsetOf(202, 204, 429, 503);
      System.out.printf(
          "%d of %d processes killed %d times: %d writes, answers %s and %d without, looked %d"
              + " times for half a document, at rest after %d ms%n",
          1,
          replicas,
          kills,
          bucket.writes(),
          eventarc.answers(),
          eventarc.unanswered().size(),
          seen,
          rest.toMillis());
    } finally {
      serving.forEach(Replica::close);
    }
  }

  private static List<URI> addresses(List<Replica> serving) {
    return serving.stream().map(Replica::address).toList();
  }

  /** Looks for half a document until so many more deliveries as chance will are acknowledged. */
  private int awaitHalfDone(Eventarc eventarc, String database) throws SQLException {
    int until = eventarc.acknowledged() + 10 + random.nextInt(60);
    int looks = 0;
    long begun = System.nanoTime();
    do {
      assertThat(Rows.of(database, HALF)).isEmpty();
      looks++;
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_REST);
    } while (eventarc.acknowledged() < until);
    return looks;
  }

  private static void awaitNoJobs(String database) {
    await()
        .atMost(AT_REST)
        .untilAsserted(
            () ->
                assertThat(
                        Rows.of(
                            database,
                            """
                            SELECT file_path, status::text, lease_owner, lease_until
                              FROM document_processing_jobs WHERE status <> 'processed'
                                OR lease_owner IS NOT NULL OR next_attempt_at IS NOT NULL
                            """))
                    .isEmpty());
  }

  private static String text(String name, int version, int drawer) {
    StringBuilder text = new StringBuilder();
    for (int part = 1; part <= PARTS; part++) {
      text.append(
              "Letter %s, version %d, part %d: it lies in drawer %d. "
                  .formatted(name, version, part, drawer)
                  .repeat(10))
          .append("\n\n");
    }
    return text.toString();
  }

  private static List<String> truth(Bucket bucket) {
    return bucket.live().entrySet().stream()
        .map(
            entry -> {
              String version =
                  entry.getValue().text().replaceFirst("(?s).*?version ([0-9]+).*", "$1");
              return "%s %d completed t %3$s/1 %3$s/2 %3$s/3"
                  .formatted(entry.getKey(), entry.getValue().generation(), version);
            })
        .toList();
  }

  private Map<String, String> settings(String database, CloudStorageStandIn storage)
      throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("database.url", database);
    settings.put("database.pool-size", "4");
    settings.put("database.permit-wait", "500 ms");
    settings.put("database.statement-timeout", "1 s");
    settings.put("database.lock-timeout", "1 s");
    settings.put("bucket.kind", "cloud-storage");
    settings.put("bucket.endpoint", storage.baseUrl().toString());
    settings.put("bucket.spool-directory", directory.toString());
    settings.put("embedder.kind", "stub");
    settings.put("embedder.stub.latency", "40 ms");
    settings.put("ingest.answer-budget", "60 ms");
    settings.put("ingest.max-in-flight", "16");
    settings.put("ingest.renew-interval", "200 ms");
    settings.put("ingest.lease", "6 s");
    settings.put("ingest.sweep-interval", "200 ms");
    settings.put("ingest.first-retry-delay", "200 ms");
    settings.put("ingest.max-retry-delay", "2 s");
    settings.put("ingest.max-attempts", "100");
    return settings;
  }
}

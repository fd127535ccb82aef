package dev.ragprocessor.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.TestDatabases;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that is told to end while it works on something that takes longer than its grace. */
class Row36ShutdownIT {
  private static final Duration GRACE = Duration.ofSeconds(1);

  @TempDir Path directory;

  @Test
  void what_outlasts_the_grace_is_handed_back_and_another_replica_does_it() throws Exception {
    String database = TestDatabases.create();
    String jobs =
        "SELECT file_path, status::text, lease_owner IS NULL FROM document_processing_jobs";
    try (CloudStorageStandIn storage = new CloudStorageStandIn();
        HttpClient client = HttpClient.newHttpClient();
        Replica slow = Replica.start(settings(database, storage, "1 min"))) {
      long generation =
          storage
              .put(Bucket.NAME, "will.txt", "All to my nephew.".getBytes(UTF_8))
              .object()
              .generation();
      Change change =
          new Change(UUID.randomUUID(), "finalized", Bucket.NAME, "will.txt", generation);
      assertThat(
              client
                  .send(change.delivery(slow.address()), HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(202);
      assertThat(Rows.of(database, jobs)).containsExactly("gs://letters/will.txt processing f");

      long told = System.nanoTime();
      assertThat(slow.terminate(15)).isEqualTo(128 + 15);
      assertThat(Duration.ofNanos(System.nanoTime() - told))
          .isBetween(GRACE, GRACE.multipliedBy(5));
      assertThat(Rows.of(database, jobs)).containsExactly("gs://letters/will.txt retry_pending t");

      try (Replica quick = Replica.start(settings(database, storage, "0 s"))) {
        // Far sooner than the lease of two minutes would have run out.
        await()
            .atMost(Duration.ofSeconds(5))
            .untilAsserted(
                () ->
                    assertThat(Rows.of(database, jobs))
                        .as(quick.said())
                        .containsExactly("gs://letters/will.txt processed t"));
      }
    }
  }

  private Map<String, String> settings(
      String database, CloudStorageStandIn storage, String latency) {
    Map<String, String> settings = new HashMap<>();
    settings.put("database.url", database);
    settings.put("bucket.kind", "cloud-storage");
    settings.put("bucket.endpoint", storage.baseUrl().toString());
    settings.put("bucket.spool-directory", directory.toString());
    settings.put("embedder.kind", "stub");
    settings.put("embedder.stub.latency", latency);
    settings.put("ingest.answer-budget", "50 ms");
    settings.put("ingest.sweep-interval", "200 ms");
    settings.put("server.shutdown-grace", GRACE.toMillis() + " ms");
    return settings;
  }
}

package dev.ragprocessor.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of deliveries at once to a process with a pool of four and a small heap: each is done,
 * claimed, or told to come again, in a time that follows from the settings, and all are done in the
 * end. What the process keeps is bounded by its connections, each worth some 25 KiB. 1,000 by
 * default; {@code mvn verify -Psoak} makes it 4,000.
 */
class FloodIT {
  private static final int DELIVERIES = Integer.getInteger("flood.deliveries", 1_000);
  private static final int WARM_UP = 500;
  private static final Duration ANSWER_BUDGET = Duration.ofMillis(750);
  private static final Duration PERMIT_WAIT = Duration.ofSeconds(2);
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  /**
   * A delivery waits for its event as long as the budget; then it waits for a permit, and in its
   * one transaction for the lock of its object. What else it does takes milliseconds.
   */
  private static final Duration LONGEST_ANSWER = ANSWER_BUDGET.plus(PERMIT_WAIT).plus(LOCK_TIMEOUT);

  private static final String HEAP = "256m";

  /** A process at rest, and what each connection keeps while it is open. */
  private static final long REACHABLE = (48L << 20) + DELIVERIES * (32L << 10);

  private static final Duration REDELIVERY = Duration.ofMillis(500);

  @TempDir Path directory;

  @Test
  void deliveries_far_beyond_the_pool_are_refused_in_time_and_done_in_the_end() throws Exception {
    String database = TestDatabases.migrated();
    try (CloudStorageStandIn storage = new CloudStorageStandIn();
        Replica replica = Replica.start(HEAP, settings(database, storage));
        Eventarc few = eventarc(replica, 4);
        Eventarc eventarc = eventarc(replica, DELIVERIES)) {
      // A process that has just started is compiling: that is not what the settings bound.
      for (Change change : put(storage, "early", WARM_UP)) {
        few.publish(change);
      }
      assertThat(few.settled(Duration.ofMinutes(1))).as("%s", few.answers()).isTrue();
      List<Change> changes = put(storage, "letter", DELIVERIES);
      long begun = System.nanoTime();
      for (Change change : changes) {
        eventarc.publish(change);
      }
      assertThat(eventarc.settled(Duration.ofMinutes(2))).as("%s", eventarc.answers()).isTrue();
      awaitStored(database);
      Duration all = Duration.ofNanos(System.nanoTime() - begun);

      long heap = heapInUse(replica.pid());
      System.out.printf(
          "%d deliveries at once to a pool of 4: answers %s, p50 %d ms, p99 %d ms, longest %d ms of"
              + " %d; all done after %d ms; %d KiB of a heap of %s reachable at the end, of %d at"
              + " most%n",
          DELIVERIES,
          eventarc.answers(),
          eventarc.answerTime(50).toMillis(),
          eventarc.answerTime(99).toMillis(),
          eventarc.answerTime(100).toMillis(),
          LONGEST_ANSWER.toMillis(),
          all.toMillis(),
          heap >> 10,
          HEAP,
          REACHABLE >> 10);
      assertThat(eventarc.unanswered()).isEmpty();
      assertThat(eventarc.answers().keySet())
          .as(() -> warnings(replica))
          .contains(429)
          .isSubsetOf(202, 204, 429);
      assertThat(eventarc.answerTime(99)).isLessThanOrEqualTo(LONGEST_ANSWER);
      assertThat(heap).isLessThanOrEqualTo(REACHABLE);
      assertThat(replica.said()).doesNotContain(" ERROR ", "OutOfMemoryError");
    }
  }

  private static Eventarc eventarc(Replica replica, int limit) {
    return new Eventarc(() -> List.of(replica.address()), limit, Duration.ZERO, REDELIVERY, 11);
  }

  private static List<Change> put(CloudStorageStandIn storage, String kind, int count) {
    List<Change> changes = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      String name = "%s-%d.txt".formatted(kind, number);
      byte[] text = "The %s %d lies in its drawer.".formatted(kind, number).getBytes(UTF_8);
      long generation =
          storage.put(Bucket.NAME, name, text, "text/plain", "").object().generation();
      changes.add(new Change(UUID.randomUUID(), "finalized", Bucket.NAME, name, generation));
    }
    return changes;
  }

  private static void awaitStored(String database) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(
                        Rows.of(
                            database,
                            """
                            SELECT count(*) FROM documents d JOIN document_chunks c
                                ON c.document_id = d.id WHERE d.status = 'completed'
                            """))
                    .containsExactly(Integer.toString(WARM_UP + DELIVERIES)));
  }

  private static String warnings(Replica replica) {
    return replica
        .said()
        .lines()
        .filter(line -> line.contains(" WARN "))
        .distinct()
        .limit(20)
        .collect(Collectors.joining("\n"));
  }

  /** What is reachable: the heap in use just after a full collection. */
  private static long heapInUse(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    String info = jcmd(pid, "GC.heap_info");
    List<MatchResult> generations =
        Pattern.compile("(?m)^ *(?:DefNew|Tenured) +total \\d+K, used (\\d+)K")
            .matcher(info)
            .results()
            .toList();
    assertThat(generations).as(info).hasSize(2);
    return generations.stream().mapToLong(found -> Long.parseLong(found.group(1)) << 10).sum();
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private Map<String, String> settings(String database, CloudStorageStandIn storage) {
    Map<String, String> settings = new HashMap<>();
    settings.put("database.url", database);
    settings.put("database.pool-size", "4");
    settings.put("database.permit-wait", PERMIT_WAIT.toMillis() + " ms");
    settings.put("database.lock-timeout", LOCK_TIMEOUT.toMillis() + " ms");
    settings.put("bucket.kind", "cloud-storage");
    settings.put("bucket.endpoint", storage.baseUrl().toString());
    settings.put("bucket.spool-directory", directory.toString());
    settings.put("embedder.kind", "stub");
    settings.put("ingest.answer-budget", ANSWER_BUDGET.toMillis() + " ms");
    return settings;
  }
}

package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.testing.RoundTrips;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often an event waits for the database, counted on the wire: each costs a commit's time. */
class RoundTripsIT {
  private RoundTrips wire;
  private IngestRig rig;

  @BeforeEach
  void start() throws Exception {
    String url = TestDatabases.migrated();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    wire = new RoundTrips(port);
    // Nothing but the events of the test asks anything meanwhile.
    rig =
        new IngestRig(
            url.replace(":" + port + "/", ":" + wire.port() + "/"),
            draft -> {
              draft.sweepMillis = 600_000;
              draft.renewMillis = 20_000;
            });
    useEveryConnection();
  }

  // On a connection's first uses the driver asks for types and prepares statements; and one event
  // after another may use one and the same for long, until chance brings a new one.
  private void useEveryConnection() throws ExecutionException, InterruptedException {
    // The pool opens them one after another, beside what the first ones are used for.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> rig.database.state().total() == rig.database.state().size());
    try (ExecutorService senders = Executors.newFixedThreadPool(16)) {
      List<Future<Outcome>> warm =
          IntStream.range(0, 400)
              .mapToObj(number -> rig.put("warm-%d.txt".formatted(number), "Water, " + number))
              .map(object -> senders.submit(() -> twice(object)))
              .toList();
      for (Future<Outcome> event : warm) {
        event.get();
      }
    }
  }

  private Outcome twice(ObjectAttributes object) {
    rig.finalized(object);
    return rig.finalized(object);
  }

  @AfterEach
  void end() throws IOException {
    rig.close();
    wire.close();
  }

  @Test
  void a_new_object_takes_two_round_trips() {
    assertThat(trips(number -> rig.put(number + ".txt", "The boiler is in the cellar.")))
        .containsOnly(2);
  }

  @Test
  void a_new_object_of_many_chunks_takes_no_more() {
    String text = "The boiler is in the cellar.\n\n".repeat(1_000);

    assertThat(trips(number -> rig.put(number + ".txt", text))).containsOnly(2);
    assertThat(rig.value(Long.class, "SELECT max(chunk_count)::bigint FROM documents"))
        .isGreaterThan(20);
  }

  @Test
  void a_duplicate_takes_one_round_trip() {
    ObjectAttributes object = rig.put("notes.txt", "The boiler is in the cellar.");
    rig.finalized(object);

    assertThat(trips(number -> object)).containsOnly(1);
  }

  private List<Integer> trips(IntFunction<ObjectAttributes> objects) {
    return IntStream.range(0, 9).mapToObj(number -> tripsOf(objects.apply(number))).toList();
  }

  private int tripsOf(ObjectAttributes object) {
    int before = wire.count();
    Outcome outcome = rig.finalized(object);
    int trips = wire.count() - before;
    assertThat(outcome).isNotInstanceOf(Outcome.NotTaken.class);
    return trips;
  }
}

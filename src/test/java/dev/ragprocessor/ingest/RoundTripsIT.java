package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.testing.RoundTrips;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
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
  void start() throws SQLException, IOException {
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
    for (int warm = 0; warm < 60; warm++) {
      rig.finalized(rig.put("warm-%d.txt".formatted(warm), "Warm water, " + warm + " degrees."));
    }
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

  // The last of many: on a connection's first uses the driver asks for types and prepares
  // statements, and the pool still opens connections while the first events are at work.
  private List<Integer> trips(IntFunction<ObjectAttributes> objects) {
    List<Integer> all =
        IntStream.range(0, 40).mapToObj(number -> tripsOf(objects.apply(number))).toList();
    return all.subList(all.size() - 9, all.size());
  }

  private int tripsOf(ObjectAttributes object) {
    int before = wire.count();
    Outcome outcome = rig.finalized(object);
    int trips = wire.count() - before;
    assertThat(outcome).isNotInstanceOf(Outcome.NotTaken.class);
    return trips;
  }
}

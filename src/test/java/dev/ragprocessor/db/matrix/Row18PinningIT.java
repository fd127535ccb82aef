package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.OpenDatabase;
import java.io.IOException;
import java.time.Duration;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No virtual thread keeps its carrier while it waits for the database. */
class Row18PinningIT {
  private static final int THREADS = 200;
  private static final Duration LONG = Duration.ofMillis(20);

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(4).permitWait(Duration.ofSeconds(20))));

  @Test
  void no_virtual_thread_is_pinned_on_the_way_to_the_database() throws IOException {
    run(THREADS); // initialising classes pins, once
    assertThat(
            Recorded.during("jdk.VirtualThreadPinned", LONG, () -> run(10 * THREADS)).stream()
                .filter(Row18PinningIT::inOurPath))
        .isEmpty();
  }

  private static void run(int scopes) {
    try (Load load =
        new Load(
            THREADS,
            () -> open.database().inTransaction("load", db -> db.get("SELECT pg_sleep(0.001)")))) {
      load.awaitSuccesses(scopes, Duration.ofSeconds(30));
    }
  }

  private static boolean inOurPath(RecordedEvent event) {
    return event.getStackTrace() == null
        || event.getStackTrace().getFrames().stream()
            .map(frame -> frame.getMethod().getType().getName())
            .anyMatch(
                name ->
                    name.startsWith("dev.ragprocessor.db.")
                        || name.startsWith("com.zaxxer.hikari.")
                        || name.startsWith("org.postgresql."));
  }
}

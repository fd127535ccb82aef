package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.OpenDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A flood of bulk work through the gate leaves a connection to those who read. */
class Row15WritersStarveReadersIT {
  private static final int SIZE = 4;
  private static final int WRITERS = 200;
  private static final int READS = 50;
  private static final Duration SHORTER_THAN_A_TURN_IN_THE_QUEUE = Duration.ofSeconds(2);

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(SIZE).permitWait(Duration.ofSeconds(10))));

  @Test
  void a_read_does_not_queue_behind_the_writers() {
    try (Load writers =
        new Load(
            WRITERS,
            () ->
                open.database().gate().execute("writer", db -> db.get("SELECT pg_sleep(0.05)")))) {
      writers.awaitSuccesses(SIZE, Duration.ofSeconds(10));
      long longest = 0;
      for (int read = 0; read < READS; read++) {
        long began = System.nanoTime();
        open.database().execute("reader", Backends::pid);
        longest = Math.max(longest, System.nanoTime() - began);
      }
      // 200 writers through three permits, 50 ms each: a turn in their queue takes over 3 s.
      assertThat(Duration.ofNanos(longest)).isLessThan(SHORTER_THAN_A_TURN_IN_THE_QUEUE);
      assertThat(writers.failures()).isEmpty();
    }
  }
}

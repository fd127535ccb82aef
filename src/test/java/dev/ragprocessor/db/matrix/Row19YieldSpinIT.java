package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.OpenDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The pool spins while it gives a connection back as long as somebody waits inside it. Nobody does:
 * the queue stands before the permits, and who has one finds a connection.
 */
class Row19YieldSpinIT {
  private static final int SIZE = 4;
  private static final int THREADS = 50 * SIZE;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(SIZE).permitWait(Duration.ofSeconds(20))));

  @Test
  void the_queue_stands_before_the_permits_and_never_inside_the_pool() {
    int mostInside = 0;
    int mostBefore = 0;
    try (Load load =
        new Load(
            THREADS,
            () -> open.database().execute("load", db -> db.get("SELECT pg_sleep(0.001)")))) {
      load.awaitSuccesses(SIZE, Duration.ofSeconds(10));
      long goal = load.succeeded() + 1_000;
      while (load.succeeded() < goal) {
        mostInside = Math.max(mostInside, (int) gauge("db.pool.pending"));
        mostBefore = Math.max(mostBefore, (int) gauge("db.permits.waiters"));
        Thread.onSpinWait();
      }
      assertThat(load.failures()).isEmpty();
    }
    assertThat(mostBefore).isGreaterThan(THREADS / 2);
    // Taking an idle connection counts as waiting for the moment in which the pool looks for it.
    assertThat(mostInside).isLessThanOrEqualTo(SIZE);
  }

  private static double gauge(String name) {
    return open.meters().get(name).gauge().value();
  }
}

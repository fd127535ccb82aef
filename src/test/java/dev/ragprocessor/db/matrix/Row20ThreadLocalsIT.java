package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.OpenDatabase;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hundred thousand virtual threads with one scope each leave the heap as it was. */
class Row20ThreadLocalsIT {
  private static final int ROUNDS = 100;
  private static final int THREADS = 1_000;
  private static final long ALLOWED_GROWTH = 20L << 20;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings ->
              settings.pool(
                  settings.pool().size(4).permitWait(Duration.ofSeconds(30)).maxWaiters(THREADS)));

  @Test
  void short_scopes_of_many_virtual_threads_keep_nothing() throws InterruptedException {
    round();
    long before = usedAfterCollection();
    for (int round = 1; round < ROUNDS; round++) {
      round();
    }
    assertThat(usedAfterCollection() - before).isLessThan(ALLOWED_GROWTH);
  }

  private static void round() throws InterruptedException {
    Thread[] threads = new Thread[THREADS];
    for (int thread = 0; thread < THREADS; thread++) {
      threads[thread] = Thread.startVirtualThread(() -> open.database().execute(db -> null));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.ConnectionPoolExhaustedException;
import dev.ragprocessor.testing.OpenDatabase;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Thousands of virtual threads at once meet a bounded queue, not the pool's own timeout. */
class Row11UnboundedVirtualThreadsIT {
  private static final int THREADS = 5_000;
  private static final int MOST_WAITERS = 64;
  private static final Duration PERMIT_WAIT = Duration.ofSeconds(1);

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings ->
              settings.pool(
                  settings.pool().size(4).permitWait(PERMIT_WAIT).maxWaiters(MOST_WAITERS)));

  @Test
  void those_who_cannot_be_served_are_told_at_once_and_nobody_meets_the_pools_own_timeout() {
    AtomicInteger served = new AtomicInteger();
    AtomicInteger mostWaiters = new AtomicInteger();
    AtomicLong longestRefusal = new AtomicLong();
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < THREADS; thread++) {
        threads.execute(
            () -> {
              long began = System.nanoTime();
              try {
                open.database()
                    .execute(
                        "busy",
                        db -> {
                          mostWaiters.accumulateAndGet(
                              open.database().state().waiters(), Math::max);
                          return db.get("SELECT pg_sleep(0.005)");
                        });
                served.incrementAndGet();
              } catch (RuntimeException failure) {
                failures.add(failure);
                longestRefusal.accumulateAndGet(System.nanoTime() - began, Math::max);
              }
            });
      }
    }
    assertThat(failures)
        .isNotEmpty()
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(ConnectionPoolExhaustedException.class)
                    .hasNoCause()
                    .hasMessageContaining("pool of 4, ")
                    .hasMessageContaining("the longest hold is busy, for "));
    assertThat(served.get() + failures.size()).isEqualTo(THREADS);
    assertThat(served).hasValueGreaterThanOrEqualTo(4);
    // A waiter too many is counted for the moment in which it is turned away.
    assertThat(mostWaiters).hasValueLessThanOrEqualTo(2 * MOST_WAITERS);
    assertThat(Duration.ofNanos(longestRefusal.get())).isLessThan(PERMIT_WAIT.multipliedBy(3));
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.OpenDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Late arrivals do not overtake those who wait. */
class Row16FairnessIT {
  private static final int WAITERS = 50;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(1).permitWait(Duration.ofSeconds(20))));

  @Test
  void permits_are_handed_out_in_the_order_of_arrival() throws InterruptedException {
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    threads.add(
        Thread.startVirtualThread(
            () ->
                open.database()
                    .execute(
                        db -> {
                          inside.countDown();
                          try {
                            end.await();
                          } catch (InterruptedException interruption) {
                            throw new AssertionError(interruption);
                          }
                          return null;
                        })));
    inside.await();
    for (int number = 0; number < WAITERS; number++) {
      int waiter = number;
      threads.add(
          Thread.startVirtualThread(
              () -> open.database().execute(db -> served.add(waiter) ? Backends.pid(db) : 0)));
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> open.database().state().waiters() == waiter + 1);
    }
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(served).containsExactlyElementsOf(IntStream.range(0, WAITERS).boxed().toList());
  }
}

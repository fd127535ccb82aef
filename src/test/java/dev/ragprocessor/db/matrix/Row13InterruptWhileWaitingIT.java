package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.OpenDatabase;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An interrupt while waiting for a permit, and one that was there before. */
class Row13InterruptWhileWaitingIT {
  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(1).permitWait(Duration.ofSeconds(10))));

  @Test
  void no_permit_is_taken_and_the_flag_is_kept() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    Thread holder =
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
                        }));
    inside.await();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread waiter =
        Thread.startVirtualThread(
            () -> {
              failure.set(catchThrowable(() -> open.database().execute(Backends::pid)));
              flag.set(Thread.currentThread().isInterrupted());
            });
    await().until(() -> open.database().state().waiters() == 1);
    waiter.interrupt();
    waiter.join();
    assertThat(flag).isTrue();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            thrown -> {
              assertThat(thrown.retrySafe()).isTrue();
              assertThat(thrown.verdict()).isEqualTo(Verdict.RETRYABLE);
            });
    assertThat(open.database().state().waiters()).isZero();
    end.countDown();
    holder.join();
  }

  @Test
  void a_thread_that_is_interrupted_already_gets_no_connection_to_lose()
      throws InterruptedException {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              Thread.currentThread().interrupt();
              failure.set(catchThrowable(() -> open.database().execute(Backends::pid)));
            });
    thread.join();
    assertThat(failure.get()).isInstanceOf(DatabaseConnectionException.class);
  }
}

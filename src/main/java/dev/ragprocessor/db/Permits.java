package dev.ragprocessor.db;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of permits, handed out in the order of arrival to a bounded number of waiters
 * for a bounded time. Permits may stand in front of others: then one of each is taken, this one
 * first, and given back in the opposite order. Taking a permit and giving it back may happen on
 * different threads.
 */
final class Permits {
  private final int size;
  private final int maxWaiters;
  private final Supplier<String> picture;
  private final @Nullable Permits behind;
  private final Semaphore semaphore;
  private final AtomicInteger waiters = new AtomicInteger();

  Permits(int size, int maxWaiters, Supplier<String> picture, @Nullable Permits behind) {
    this.size = size;
    this.maxWaiters = maxWaiters;
    this.picture = picture;
    this.behind = behind;
    this.semaphore = new Semaphore(size, true);
  }

  /**
   * Promises a permit, or an exception and none.
   *
   * @param deadline the {@link System#nanoTime} until which it may wait
   */
  void take(String holder, long deadline) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(holder, null);
    }
    try {
      // Not tryAcquire() without a time: that one overtakes those who wait.
      if (!semaphore.tryAcquire(0, TimeUnit.NANOSECONDS)) {
        await(holder, deadline);
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw interrupted(holder, interruption);
    }
    if (behind != null) {
      boolean taken = false;
      try {
        behind.take(holder, deadline);
        taken = true;
      } finally {
        if (!taken) {
          semaphore.release();
        }
      }
    }
  }

  private void await(String holder, long deadline) throws InterruptedException {
    if (waiters.incrementAndGet() > maxWaiters) {
      waiters.decrementAndGet();
      throw new ConnectionPoolExhaustedException(
          "No connection for %s: %d wait already, more may not; %s"
              .formatted(holder, maxWaiters, picture.get()));
    }
    boolean taken;
    try {
      taken = semaphore.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } finally {
      waiters.decrementAndGet();
    }
    if (!taken) {
      throw new ConnectionPoolExhaustedException(
          "No connection for %s in time; %s".formatted(holder, picture.get()));
    }
  }

  private static DatabaseConnectionException interrupted(
      String holder, @Nullable InterruptedException interruption) {
    return new DatabaseConnectionException(
        "Interrupted while waiting for a connection for " + holder,
        interruption,
        Verdict.RETRYABLE,
        true);
  }

  /** Promises to give one permit back; to be called once for every permit that was taken. */
  void giveBack() {
    if (behind != null) {
      behind.giveBack();
    }
    semaphore.release();
  }

  int size() {
    return size;
  }

  int free() {
    return semaphore.availablePermits();
  }

  int waiters() {
    return waiters.get();
  }
}

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
  private final DatabaseMeters meters;
  private final @Nullable Permits behind;
  private final Fair semaphore;
  private final AtomicInteger waiters = new AtomicInteger();
  private volatile int inForce;

  /** A semaphore that can be made smaller while its permits are taken. */
  private static final class Fair extends Semaphore {
    private static final long serialVersionUID = 1;

    Fair(int permits) {
      super(permits, true);
    }

    void withhold(int permits) {
      reducePermits(permits);
    }
  }

  /**
   * @param picture how the pool is doing, for the message of a refusal
   * @param behind the permits that this one's holders need as well, or null
   */
  Permits(
      int size,
      int maxWaiters,
      Supplier<String> picture,
      DatabaseMeters meters,
      @Nullable Permits behind) {
    this.size = size;
    this.maxWaiters = maxWaiters;
    this.picture = picture;
    this.meters = meters;
    this.behind = behind;
    this.semaphore = new Fair(size);
    this.inForce = size;
  }

  /**
   * Promises a permit, or an exception and none.
   *
   * @param patience how long it may wait, in nanoseconds
   */
  void take(String scope, long patience) {
    long left = patience;
    try {
      // Not tryAcquire() without a time: that one overtakes those who wait. No clock is read here.
      if (!semaphore.tryAcquire(0, TimeUnit.NANOSECONDS)) {
        left -= await(scope, patience);
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new DatabaseConnectionException(
          "Interrupted while waiting for a connection for " + scope,
          interruption,
          Verdict.RETRYABLE,
          true);
    }
    if (behind != null) {
      boolean taken = false;
      try {
        behind.take(scope, left);
        taken = true;
      } finally {
        if (!taken) {
          semaphore.release();
        }
      }
    }
  }

  /** Promises a permit and how long that took, in nanoseconds. */
  private long await(String scope, long patience) throws InterruptedException {
    PermitWaitEvent event = new PermitWaitEvent();
    event.begin();
    long began = System.nanoTime();
    boolean taken = false;
    int waiting = waiters.incrementAndGet();
    try {
      if (waiting > maxWaiters) {
        throw new ConnectionPoolExhaustedException(
            "No connection for %s: %d wait already, more may not; %s"
                .formatted(scope, maxWaiters, picture.get()));
      }
      taken = semaphore.tryAcquire(patience, TimeUnit.NANOSECONDS);
    } finally {
      waiters.decrementAndGet();
      event.scope = scope;
      event.waiters = waiting;
      event.taken = taken;
      event.commit();
    }
    long waited = System.nanoTime() - began;
    meters.waited(waited);
    if (!taken) {
      throw new ConnectionPoolExhaustedException(
          "No connection for %s within %d ms; %s"
              .formatted(scope, TimeUnit.NANOSECONDS.toMillis(waited), picture.get()));
    }
    return waited;
  }

  /** Promises to give one permit back; to be called once for every permit that was taken. */
  void giveBack() {
    if (behind != null) {
      behind.giveBack();
    }
    semaphore.release();
  }

  /**
   * Changes how many there are. Nobody loses one: those that are taken beyond this number are not
   * lent again. To be called by one thread only.
   *
   * @param permits 1 to the size
   */
  void putInForce(int permits) {
    int more = permits - inForce;
    inForce = permits;
    if (more < 0) {
      semaphore.withhold(-more);
    } else {
      semaphore.release(more);
    }
  }

  int size() {
    return size;
  }

  /** Promises how many there are at the moment: the size, or fewer. */
  int inForce() {
    return inForce;
  }

  int free() {
    return Math.max(0, semaphore.availablePermits());
  }

  int waiters() {
    return waiters.get();
  }
}

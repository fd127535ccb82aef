package dev.ragprocessor.ingest;

import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event at work, shared by the thread that does it and the one that waits to answer. The lock
 * makes claiming and concluding exclude each other: an event is either concluded by whoever works
 * on it, or claimed first, never both at once. Safe for use by these threads.
 */
final class EventWork {
  private final ReentrantLock deciding = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Stage stage = Stage.PENDING;
  private volatile @Nullable Claim claim;
  private volatile boolean abandoned;
  private @Nullable Outcome outcome;

  /** Work that nothing durable knows of yet. */
  static EventWork unclaimed() {
    return new EventWork(null);
  }

  /** Work that its job row owns. */
  static EventWork claimed(Claim claim) {
    return new EventWork(claim);
  }

  private EventWork(@Nullable Claim claim) {
    this.claim = claim;
  }

  Stage stage() {
    return stage;
  }

  void enter(Stage next) {
    stage = next;
  }

  /** Never waits: inside a conclusion it is what was decided, elsewhere what is known so far. */
  Optional<Claim> claim() {
    return Optional.ofNullable(claim);
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Waits for the outcome, at most so long. */
  Optional<Outcome> await(Duration longest) throws InterruptedException {
    if (!ended.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    return Optional.of(outcome());
  }

  /**
   * Promises the outcome of the work if it has ended; otherwise that of {@code claiming}, which
   * runs while nothing can be concluded.
   */
  Outcome endedOr(Function<EventWork, Outcome> claiming) {
    deciding.lock();
    try {
      return outcome == null ? claiming.apply(this) : outcome;
    } finally {
      deciding.unlock();
    }
  }

  /** To be called by {@link #endedOr}'s block only. */
  void claimedAs(Claim newClaim) {
    claim = newClaim;
  }

  /** Notes that somebody else does this work, or has done it: it may stop at its next stage. */
  void abandon() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** Concludes: runs {@code conclusion} while nobody can claim, and keeps what it returns. */
  Outcome conclude(Supplier<Outcome> conclusion) {
    deciding.lock();
    try {
      if (outcome == null) {
        outcome = conclusion.get();
        ended.countDown();
      }
      return outcome;
    } finally {
      deciding.unlock();
    }
  }

  private Outcome outcome() {
    deciding.lock();
    try {
      if (outcome == null) {
        throw new IllegalStateException("the work has not ended");
      }
      return outcome;
    } finally {
      deciding.unlock();
    }
  }
}

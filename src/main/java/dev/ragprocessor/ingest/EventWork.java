package dev.ragprocessor.ingest;

import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.Stage;
import dev.ragprocessor.telemetry.Trail;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
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
  private final long begun = System.nanoTime();
  private final Trail trail;
  private final ReentrantLock deciding = new ReentrantLock();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable CompletableFuture<Outcome>> claimingNow =
      new AtomicReference<>();
  private volatile Stage stage = Stage.PENDING;
  private volatile @Nullable Claim claim;
  private volatile boolean abandoned;
  private String waitsFor = "";
  private Duration wait = Duration.ZERO;
  private @Nullable Outcome outcome;

  /** Work that nothing durable knows of yet. */
  static EventWork unclaimed(Trail trail) {
    return new EventWork(trail, null);
  }

  /** Work that its job row owns. */
  static EventWork claimed(Claim claim) {
    Trail trail = Trail.of("", claim.object().path());
    trail.belongsTo(claim.jobId());
    return new EventWork(trail, claim);
  }

  private EventWork(Trail trail, @Nullable Claim claim) {
    this.trail = trail;
    this.claim = claim;
  }

  /** What it is called in everything that is recorded of it. */
  Trail trail() {
    return trail;
  }

  /** How long ago it began. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Why it waits, as the end of a sentence; empty where it does not. */
  String waitsFor() {
    return waitsFor.isEmpty() ? "" : ": " + waitsFor;
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
    return ended.isDone();
  }

  /** Waits for the outcome, at most so long and a tick. */
  Optional<Outcome> await(Deadlines deadlines, Duration longest) throws InterruptedException {
    return deadlines.await(ended, longest) ? Optional.of(outcome()) : Optional.empty();
  }

  /**
   * Promises the outcome of the work if it has ended; otherwise that of {@code claiming}, which
   * runs while nothing can be concluded. A database that has stopped answering would keep the one
   * who waits, so that it runs on a thread of its own, once for all who wait meanwhile.
   *
   * @param longest how long to wait for it
   * @return empty when it goes on after that, and may yet succeed
   */
  Optional<Outcome> endedOr(Function<EventWork, Outcome> claiming, Duration longest)
      throws InterruptedException {
    CompletableFuture<Outcome> mine = new CompletableFuture<>();
    CompletableFuture<Outcome> running = claimingNow.compareAndExchange(null, mine);
    if (running == null) {
      Thread.ofVirtual().name("claim").start(() -> trail.run(() -> claim(claiming, mine)));
    }
    try {
      return Optional.of(
          (running == null ? mine : running).get(longest.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an event could not be claimed", e.getCause());
    }
  }

  private void claim(Function<EventWork, Outcome> claiming, CompletableFuture<Outcome> claimed) {
    try {
      claimed.complete(endedOr(claiming));
    } catch (Throwable e) {
      // The thread's edge: whoever waits for it throws it.
      claimed.completeExceptionally(e);
    } finally {
      claimingNow.set(null);
    }
  }

  /** The same on the caller's own thread, and for as long as it takes. */
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
    trail.belongsTo(newClaim.jobId());
  }

  /** Notes what the job will say once the conclusion that is being made is stored. */
  void waits(Claim held, String reason, Duration delay) {
    trail.belongsTo(held.jobId());
    waitsFor = reason;
    wait = delay;
  }

  /**
   * Records what became of the job, once that is stored; work that had none has made no transition.
   */
  void recordEnd(Outcome ended) {
    if (!trail.job().isEmpty()) {
      switch (ended) {
        case Outcome.Processed processed -> recordEnd(processed.missing());
        case Outcome.Rejected(String reason) ->
            JobTransitionEvent.commit(trail, JobStatus.ERROR, reason, Duration.ZERO);
        case Outcome.Accepted _ ->
            JobTransitionEvent.commit(trail, JobStatus.RETRY_PENDING, waitsFor, wait);
        case Outcome.Deleted _,
            Outcome.Duplicate _,
            Outcome.Superseded _,
            Outcome.Ignored _,
            Outcome.NotTaken _ -> {}
      }
    }
  }

  private void recordEnd(String missing) {
    if (missing.isEmpty()) {
      JobTransitionEvent.commit(trail, JobStatus.PROCESSED);
    } else {
      JobTransitionEvent.commit(trail, JobStatus.PARTIALLY_PROCESSED, missing, Duration.ZERO);
    }
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
        ended.complete(null);
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

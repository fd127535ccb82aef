package dev.ragprocessor.ingest;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Ends waits that have lasted long enough, all of them in one look every few milliseconds. A
 * virtual thread that parks for a time wakes the scheduler's timer thread to begin and to cancel
 * it, which in an event of a millisecond cost more than most of its steps. Safe for use by many
 * threads.
 */
final class Deadlines {
  /** How often to {@link #look}, and so how much longer than asked a wait may be. */
  static final Duration TICK = Duration.ofMillis(20);

  private final Set<Waiting> waits = ConcurrentHashMap.newKeySet();

  /** Waits for the end of something, at most so long; whether it has ended. */
  boolean await(CompletableFuture<?> end, Duration longest) throws InterruptedException {
    if (!longest.isPositive()) {
      return end.isDone();
    }
    CompletableFuture<Boolean> ended = end.thenApply(_ -> true);
    Waiting waiting = new Waiting(ended, System.nanoTime() + longest.toNanos());
    waits.add(waiting);
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("what is waited for ends, and nothing else", e);
    } finally {
      waits.remove(waiting);
    }
  }

  /** Ends what is due. */
  void look() {
    long now = System.nanoTime();
    for (Waiting waiting : waits) {
      if (waiting.deadline() - now <= 0) {
        waiting.ended().complete(false);
      }
    }
  }

  private record Waiting(CompletableFuture<Boolean> ended, long deadline) {}
}

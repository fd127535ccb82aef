package dev.ragprocessor.embed;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets requests to a model through at its {@link Pace}, in the order in which they came, each
 * waiting no longer than until its deadline. A model that will not answer before that is not waited
 * for: the caller is told at once when to come again.
 *
 * <p>Deadlines are times of {@link System#nanoTime}. Safe for use by many threads.
 */
final class Admission {
  private final Semaphore head = new Semaphore(1, true);
  private final Pace pace = new Pace(System.nanoTime());
  private final String model;

  Admission(String model) {
    this.model = model;
  }

  /** Waits in the queue, then for the turn. */
  void enter(long deadline) throws InterruptedException {
    requireWithin(deadline, pace.remaining(System.nanoTime()));
    if (!head.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      // Whoever was ahead may just be passing: that the queue is not empty does not mean that the
      // model is closed, and one who will not wait at all must not be refused for it.
      enterFirst(deadline);
      return;
    }
    try {
      enterFirst(deadline);
    } finally {
      head.release();
    }
  }

  /** Waits for the turn beside the queue: for a person who waits for the answer. */
  void enterFirst(long deadline) throws InterruptedException {
    long wait = pace.claim(System.nanoTime());
    while (wait > 0) {
      requireWithin(deadline, wait);
      // The pace may be cut meanwhile, so it is asked again.
      TimeUnit.NANOSECONDS.sleep(wait);
      wait = pace.claim(System.nanoTime());
    }
  }

  void accepted() {
    pace.accepted(System.nanoTime());
  }

  void refused(long sent, Duration retryAfter) {
    pace.refused(sent, System.nanoTime(), retryAfter);
  }

  /** Whether, as far as is known, the model takes a request again before the deadline. */
  boolean opensBefore(long deadline) {
    long now = System.nanoTime();
    return now + pace.remaining(now) - deadline < 0;
  }

  private void requireWithin(long deadline, long wait) {
    if (wait > 0 && System.nanoTime() + wait - deadline > 0) {
      throw exhausted(wait);
    }
  }

  private EmbeddingException exhausted(long wait) {
    Duration remaining = Duration.ofNanos(wait);
    return new EmbeddingException(
        EmbeddingException.Kind.EXHAUSTED,
        "%s takes no request for another %d s: its quota is used up"
            .formatted(model, Math.max(1, remaining.toSeconds())),
        remaining,
        null);
  }
}

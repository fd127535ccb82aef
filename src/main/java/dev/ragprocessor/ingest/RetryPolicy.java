package dev.ragprocessor.ingest;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a job waits for its next attempt: doubled each time up to a longest wait, of which a
 * random half is taken off, so that jobs that failed together do not come back together. What the
 * other side asked for is the least. Safe for use by many threads if its generator is.
 *
 * @param maxAttempts of one generation
 */
record RetryPolicy(
    int maxAttempts, Duration firstDelay, Duration maxDelay, RandomGenerator random) {

  /**
   * @param attempt the one that failed, from 1
   * @param asked the least wait that the other side asked for
   */
  Duration delay(int attempt, Duration asked) {
    long doubled = firstDelay.toMillis() << Math.min(attempt - 1, 30);
    long longest = Math.min(Math.max(doubled, firstDelay.toMillis()), maxDelay.toMillis());
    long jittered = longest - random.nextLong(longest / 2 + 1);
    return Duration.ofMillis(Math.max(jittered, asked.toMillis()));
  }

  /** Whether this attempt may be made. */
  boolean allows(int attempt) {
    return attempt <= maxAttempts;
  }

  /** Whether there may be one more after this attempt. */
  boolean allowsAnother(int attempt) {
    return allows(attempt + 1);
  }
}

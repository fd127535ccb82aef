package dev.ragprocessor.db;

import java.time.Duration;

/**
 * How many connections there are, how long one waits for them and how long one may keep them.
 *
 * @param size connections and permits, 1 to 100; there is one number for both, because a permit
 *     that has no connection behind it would only move the wait
 * @param permitWait how long a scope waits for its permit, 0 to 60 s; waiting longer than that is
 *     saturation
 * @param maxWaiters how many scopes may wait at once, 0 to 100,000; one more is saturation at once
 * @param holdWarning a scope held longer is reported once; more than 0 and less than {@code
 *     holdLimit}
 * @param holdLimit a scope held longer loses its connection, at most 1 h
 */
public record PoolSettings(
    int size, Duration permitWait, int maxWaiters, Duration holdWarning, Duration holdLimit) {
  /** Eight connections: twice the cores of a small database server, for all replicas together. */
  public static final PoolSettings DEFAULT =
      new PoolSettings(
          8, Duration.ofSeconds(2), 256, Duration.ofSeconds(10), Duration.ofSeconds(60));

  public PoolSettings {
    if (size < 1 || size > 100) {
      throw new IllegalArgumentException("the pool's size must be 1 to 100: " + size);
    }
    if (permitWait.isNegative() || permitWait.compareTo(Duration.ofSeconds(60)) > 0) {
      throw new IllegalArgumentException("the wait for a permit must be 0 to 60 s: " + permitWait);
    }
    if (maxWaiters < 0 || maxWaiters > 100_000) {
      throw new IllegalArgumentException("the waiters must be 0 to 100000: " + maxWaiters);
    }
    if (!holdWarning.isPositive() || holdWarning.compareTo(holdLimit) >= 0) {
      throw new IllegalArgumentException(
          "the hold warning must be more than 0 and less than the hold limit: %s, limit %s"
              .formatted(holdWarning, holdLimit));
    }
    if (holdLimit.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("the hold limit must be at most 1 h: " + holdLimit);
    }
  }

  /** Promises the same with another number of connections. */
  public PoolSettings size(int other) {
    return new PoolSettings(other, permitWait, maxWaiters, holdWarning, holdLimit);
  }

  /** Promises the same with another wait for a permit. */
  public PoolSettings permitWait(Duration other) {
    return new PoolSettings(size, other, maxWaiters, holdWarning, holdLimit);
  }

  /** Promises the same with another bound of waiters. */
  public PoolSettings maxWaiters(int other) {
    return new PoolSettings(size, permitWait, other, holdWarning, holdLimit);
  }

  /** Promises the same with another warning and limit. */
  public PoolSettings hold(Duration warning, Duration limit) {
    return new PoolSettings(size, permitWait, maxWaiters, warning, limit);
  }

  /**
   * Promises how many permits ingestion may never take: one where there are four or more, so that
   * search, the API and lease work are not starved.
   */
  int reserve() {
    return size >= 4 ? 1 : 0;
  }
}

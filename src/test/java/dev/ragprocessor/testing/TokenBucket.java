package dev.ragprocessor.testing;

import java.time.Duration;

/** So many requests a second, and so many at once after a pause. */
public final class TokenBucket {
  private final double perSecond;
  private final int burst;
  private double tokens;
  private long last;
  private boolean started;

  /** Begins full. */
  public TokenBucket(double perSecond, int burst) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
  }

  /**
   * Takes a token if there is one.
   *
   * @param now in nanoseconds, of any clock
   * @return zero, or how long until there is one
   */
  public synchronized Duration take(long now) {
    if (started) {
      tokens = Math.min(burst, tokens + (now - last) / 1e9 * perSecond);
    }
    started = true;
    last = now;
    if (tokens >= 1) {
      tokens--;
      return Duration.ZERO;
    }
    return Duration.ofMillis((long) Math.ceil((1 - tokens) / perSecond * 1e3));
  }
}

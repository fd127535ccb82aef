package dev.ragprocessor.embed;

import java.time.Duration;

/**
 * A stretch of a recording.
 *
 * @param start from its beginning, not negative
 * @param end from its beginning, after the start
 */
public record TimeRange(Duration start, Duration end) {
  public TimeRange {
    if (start.isNegative() || end.compareTo(start) <= 0) {
      throw new IllegalArgumentException("not a stretch of time: %s to %s".formatted(start, end));
    }
  }

  /** How long it is. */
  public Duration length() {
    return end.minus(start);
  }
}

package dev.ragprocessor.db;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Judges failures to connect. A refused password is worth another attempt for a minute, because a
 * rotation is not done everywhere at the same moment (row 35); after that somebody must act. Safe
 * for use by many threads.
 */
final class Refusals {
  private static final Duration ROTATION = Duration.ofMinutes(1);
  private static final long NONE = Long.MIN_VALUE;

  private volatile long since = NONE;

  /** Promises the verdict on a failure to connect that happened at this {@link System#nanoTime}. */
  Verdict judge(SQLException failure, long now) {
    String state = SqlStates.state(failure);
    if (state == null || !state.startsWith("28")) {
      return SqlStates.connecting(failure);
    }
    if (since == NONE) {
      since = now;
    }
    return now - since < ROTATION.toNanos() ? Verdict.RETRYABLE : Verdict.MISCONFIGURED;
  }

  /** Notes that a connection was opened, so that the next refusal begins a new minute. */
  void accepted() {
    if (since != NONE) {
      since = NONE;
    }
  }
}

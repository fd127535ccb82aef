package dev.ragprocessor.db;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * Judges failures to connect. A refused password is worth another attempt for a minute, because a
 * rotation is not done everywhere at the same moment (row 35); after that somebody must act. A
 * pooler that lets in no more clients is as full as a server that does (row 33). Safe for use by
 * many threads.
 */
final class Refusals {
  private static final Duration ROTATION = Duration.ofMinutes(1);
  private static final long NONE = Long.MIN_VALUE;

  /**
   * What poolers refuse a client with when they have too many: PgBouncer's protocol violation, and
   * Supavisor's internal error. Neither has a code of its own for it, and the session that is asked
   * for at start has shown by then that the rest of what they might mean is in order.
   */
  private static final Set<String> POOLER_FULL = Set.of("08P01", "XX000");

  private final Pooler pooler;
  private volatile long since = NONE;

  Refusals(Pooler pooler) {
    this.pooler = pooler;
  }

  /** Promises the verdict on a failure to connect that happened at this {@link System#nanoTime}. */
  Verdict judge(SQLException failure, long now) {
    String state = SqlStates.state(failure);
    if (pooler == Pooler.TRANSACTION && state != null && POOLER_FULL.contains(state)) {
      return Verdict.SATURATED;
    }
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

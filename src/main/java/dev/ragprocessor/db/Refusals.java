package dev.ragprocessor.db;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how connecting went, and judges its failures. A refused password is worth another
 * attempt for a minute, because a rotation is not done everywhere at the same moment (row 35);
 * after that somebody must act. A pooler that lets in no more clients is as full as a server that
 * does (row 33). Safe for use by many threads.
 */
final class Refusals {
  private static final Duration ROTATION = Duration.ofMinutes(1);

  /**
   * What poolers refuse a client with when they have too many: PgBouncer's protocol violation, and
   * Supavisor's internal error. Neither has a code of its own for it, and the session that is asked
   * for at start has shown by then that the rest of what they might mean is in order.
   */
  private static final Set<String> POOLER_FULL = Set.of("08P01", "XX000");

  private final DatabaseEndpoint endpoint;
  private final LongSupplier clock;

  /** When the password began to be refused; null while it is not. */
  private final AtomicReference<@Nullable Long> passwordSince = new AtomicReference<>();

  private volatile boolean full;

  /**
   * @param clock as {@link System#nanoTime}
   */
  Refusals(DatabaseEndpoint endpoint, LongSupplier clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /** Notes that a connection was opened, so that the next refused password begins a new minute. */
  void accepted() {
    passwordSince.set(null);
  }

  /** Notes that an attempt to connect has failed. */
  void refused(SQLException failure) {
    full = isFull(failure);
    if (isPassword(failure)) {
      passwordSince.compareAndSet(null, clock.getAsLong());
    }
  }

  /** Promises whether the server, when it was last asked in vain, had no room for a connection. */
  boolean full() {
    return full;
  }

  /** Notes that no further connection is wanted. */
  void satisfied() {
    full = false;
  }

  /** Promises the verdict on a failure to connect. */
  Verdict judge(SQLException failure) {
    if (isFull(failure)) {
      return Verdict.SATURATED;
    }
    if (!isPassword(failure)) {
      return SqlStates.connecting(failure);
    }
    Long since = passwordSince.get();
    return since == null || clock.getAsLong() - since < ROTATION.toNanos()
        ? Verdict.RETRYABLE
        : Verdict.MISCONFIGURED;
  }

  /** Promises who refused and how, fit for a person and free of secrets. */
  String reason(SQLException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof PasswordFileException unreadable && unreadable.getMessage() != null) {
        return unreadable.getMessage();
      }
    }
    return "%s does not accept one (SQLSTATE %s)"
        .formatted(endpoint.printable(), SqlStates.state(failure));
  }

  private boolean isFull(SQLException failure) {
    String state = SqlStates.state(failure);
    return SqlStates.connecting(failure) == Verdict.SATURATED
        || (state != null
            && endpoint.pooler() == Pooler.TRANSACTION
            && POOLER_FULL.contains(state));
  }

  private static boolean isPassword(SQLException failure) {
    String state = SqlStates.state(failure);
    return state != null && state.startsWith("28");
  }
}

package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/**
 * A scope was held past the hold limit: its statement was cancelled and its connection taken away.
 * A transaction was rolled back; statements outside one that had ended before are stored.
 */
public final class ScopeHeldTooLongException extends DatabaseException {
  private static final long serialVersionUID = 1;

  ScopeHeldTooLongException(String message, @Nullable Throwable cause) {
    super(message, cause, Verdict.RETRYABLE);
  }
}

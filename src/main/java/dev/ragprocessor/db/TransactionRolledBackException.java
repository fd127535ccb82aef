package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/**
 * A transaction's block returned normally, yet nothing of it was stored: a scope inside it had
 * failed, or the server refused the commit. The cause says why.
 */
public final class TransactionRolledBackException extends DatabaseException {
  private static final long serialVersionUID = 1;

  TransactionRolledBackException(String message, @Nullable Throwable cause) {
    super(message, cause, cause == null ? Verdict.RETRYABLE : Verdict.of(cause));
  }
}

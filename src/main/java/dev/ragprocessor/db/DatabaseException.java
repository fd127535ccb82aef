package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/** What this room itself reports; failures of single statements stay the database client's. */
public abstract sealed class DatabaseException extends RuntimeException
    permits DatabaseConnectionException, TransactionRolledBackException, ScopeHeldTooLongException {
  private static final long serialVersionUID = 1;

  private final Verdict verdict;

  DatabaseException(String message, @Nullable Throwable cause, Verdict verdict) {
    super(message, cause);
    this.verdict = verdict;
  }

  DatabaseException(String message, Verdict verdict, boolean stackTrace) {
    super(message, null, true, stackTrace);
    this.verdict = verdict;
  }

  /** Promises what this failure means for the one who asked. */
  public Verdict verdict() {
    return verdict;
  }
}

package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/** A connection could not be had, or was lost on the way. */
public sealed class DatabaseConnectionException extends DatabaseException
    permits ConnectionPoolExhaustedException {
  private static final long serialVersionUID = 1;

  private final boolean retrySafe;

  DatabaseConnectionException(
      String message, @Nullable Throwable cause, Verdict verdict, boolean retrySafe) {
    super(message, cause, verdict);
    this.retrySafe = retrySafe;
  }

  DatabaseConnectionException(String message, Verdict verdict) {
    super(message, verdict, false);
    this.retrySafe = true;
  }

  /**
   * Promises whether the work certainly left no trace in the database, so that doing it again
   * cannot do it twice. It is false where a statement outside a transaction, or a commit, was on
   * its way when the connection was lost.
   */
  public boolean retrySafe() {
    return retrySafe;
  }
}

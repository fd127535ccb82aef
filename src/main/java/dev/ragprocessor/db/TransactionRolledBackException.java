package dev.ragprocessor.db;

/**
 * A transaction's block returned normally, yet nothing of it was stored: a scope inside it had
 * failed, or the server refused the commit. The cause says why.
 */
public final class TransactionRolledBackException extends DatabaseException {
  private static final long serialVersionUID = 1;

  TransactionRolledBackException(String message, Throwable cause) {
    super(message, cause, Verdict.of(cause));
  }
}

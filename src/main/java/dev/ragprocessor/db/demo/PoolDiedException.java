package dev.ragprocessor.db.demo;

/** A pool that has no connection left to lend, and never will. */
final class PoolDiedException extends Exception {
  private static final long serialVersionUID = 1;

  PoolDiedException(String message, Throwable cause) {
    super(message, cause);
  }
}

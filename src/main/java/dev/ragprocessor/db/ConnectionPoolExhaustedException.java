package dev.ragprocessor.db;

/**
 * Every connection was in use for longer than a scope waits, or too many scopes were waiting
 * already. Nothing was done. It carries no stack trace, because it is thrown most when there is
 * least time; the message says who holds the connections.
 */
public final class ConnectionPoolExhaustedException extends DatabaseConnectionException {
  private static final long serialVersionUID = 1;

  ConnectionPoolExhaustedException(String message) {
    super(message, Verdict.SATURATED);
  }
}

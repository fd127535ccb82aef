package dev.ragprocessor.db;

import java.time.Duration;

/**
 * How long the database may take, each bound a little wider than the one it stands behind, so that
 * the most precise one speaks first.
 *
 * @param statement one statement, 1 s to 1 h; PostgreSQL's {@code statement_timeout}
 * @param lock the wait for one lock, at most {@code statement}; {@code lock_timeout}
 * @param idleInTransaction a transaction between two statements; {@code
 *     idle_in_transaction_session_timeout}
 * @param socket one answer of the server, more than {@code statement}: it speaks only when the
 *     server does not answer at all (a frozen backend, a half-open connection)
 * @param connect to open one connection, 1 to 60 s, log-in included
 */
public record Timeouts(
    Duration statement,
    Duration lock,
    Duration idleInTransaction,
    Duration socket,
    Duration connect) {
  /** Statements in milliseconds are usual here; fifteen seconds are a fault already. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  public Timeouts {
    if (statement.compareTo(Duration.ofSeconds(1)) < 0
        || statement.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "the statement timeout must be 1 s to 1 h, not " + statement);
    }
    if (!lock.isPositive() || lock.compareTo(statement) > 0) {
      throw new IllegalArgumentException(
          "the lock timeout must be more than 0 and at most the statement timeout: %s, statement %s"
              .formatted(lock, statement));
    }
    if (!idleInTransaction.isPositive()) {
      throw new IllegalArgumentException(
          "the idle-in-transaction timeout must be more than 0: " + idleInTransaction);
    }
    if (socket.compareTo(statement) <= 0 || socket.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "the socket timeout must be more than the statement timeout: %s, statement %s"
              .formatted(socket, statement));
    }
    if (connect.toSeconds() < 1 || connect.toSeconds() > 60) {
      throw new IllegalArgumentException("the connect timeout must be 1 to 60 s, not " + connect);
    }
  }

  /** Promises the same with other bounds for one statement and for its lock. */
  public Timeouts statement(Duration otherStatement, Duration otherLock) {
    return new Timeouts(otherStatement, otherLock, idleInTransaction, socket, connect);
  }

  /** Promises the same with another bound for one read from the server. */
  public Timeouts socket(Duration other) {
    return new Timeouts(statement, lock, idleInTransaction, other, connect);
  }
}

package dev.ragprocessor.db;

import io.helidon.dbclient.DbClientException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;

/** The transaction of one hold; it belongs to the hold's thread. */
final class Transaction {
  private enum Phase {
    OPEN,
    COMMITTING,
    ENDED
  }

  private final Hold hold;
  private final int statementsBefore;
  private Phase phase = Phase.OPEN;
  private @Nullable Throwable doom;
  private @Nullable SQLException failed;

  private Transaction(Hold hold) {
    this.hold = hold;
    this.statementsBefore = hold.statements();
  }

  /** Promises a transaction; the server learns of it with its first statement. */
  static Transaction begin(Hold hold) {
    Transaction transaction = new Transaction(hold);
    transaction.beginAgain();
    return transaction;
  }

  /** Promises the same transaction on the hold's new connection. */
  void beginAgain() {
    try {
      hold.connection().setAutoCommit(false);
    } catch (SQLException failure) {
      throw new DbClientException("Failed to begin the transaction of " + hold.name(), failure);
    }
  }

  /** Promises that the transaction cannot be stored any more, because this happened inside it. */
  void doom(Throwable failure) {
    if (doom == null) {
      doom = failure;
    }
  }

  /** Notes that a statement failed; the server ignores everything after it. */
  void statementFailed(SQLException failure) {
    if (failed == null) {
      failed = failure;
    }
  }

  private TransactionRolledBackException rolledBack(String why, @Nullable Throwable cause) {
    return new TransactionRolledBackException(
        "The transaction of %s was rolled back: %s".formatted(hold.name(), why), cause);
  }

  /** Promises whether the commit was on its way already. */
  boolean mayBeStored() {
    return phase == Phase.COMMITTING;
  }

  /** Promises that the transaction is stored, or an exception. */
  void commit() {
    if (doom != null) {
      throw rolledBack("a scope inside it had failed", doom);
    }
    Connection connection = hold.connection();
    try {
      TransactionState state = Hold.state(connection);
      if (state == TransactionState.IDLE && hold.statements() > statementsBefore) {
        throw new IllegalStateException(
            "the block of %s ended its transaction by SQL: commit and rollback are the scope's"
                .formatted(hold.name()));
      }
      if (state == TransactionState.FAILED) {
        throw rolledBack("a statement in it had failed", failed); // COMMIT would say ROLLBACK
      }
      phase = Phase.COMMITTING;
      hold.asks();
      connection.commit();
    } catch (SQLException failure) {
      if (SqlStates.lost(failure)) {
        throw new DbClientException("The connection was lost during the commit", failure);
      }
      throw rolledBack("the server refused the commit", failure);
    } finally {
      hold.answered();
    }
    phase = Phase.ENDED;
    try {
      connection.setAutoCommit(true);
    } catch (SQLException failure) {
      hold.breakUp(); // what was asked for is stored; only this connection is of no more use
    }
  }

  /** Promises that nothing of the transaction stays; never throws. */
  void rollback(Throwable failure) {
    if (phase == Phase.ENDED) {
      return;
    }
    if (SqlStates.lost(failure)) {
      hold.breakUp(); // the server has rolled it back with the session
      return;
    }
    try {
      Connection connection = hold.connection();
      hold.asks();
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException | DatabaseException secondary) {
      hold.breakUp();
      failure.addSuppressed(secondary);
    } finally {
      hold.answered();
    }
  }
}

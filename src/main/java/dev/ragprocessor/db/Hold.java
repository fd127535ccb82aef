package dev.ragprocessor.db;

import io.helidon.dbclient.DbClientException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One permit and one connection in the hands of one thread, from the outermost scope's entry to its
 * end. Everything belongs to the owner's thread. Who gives back, the owner or the watchdog, is
 * decided by one compare-and-set: exactly one of them does, connection before permit.
 */
final class Hold {
  private static final Logger LOG = LoggerFactory.getLogger(Hold.class);
  private static final ScopedValue<Hold> CURRENT = ScopedValue.newInstance();

  private enum State {
    WAITING,
    HELD,
    LEFT,
    REVOKED
  }

  private enum Phase {
    STATEMENTS,
    TRANSACTION,
    COMMIT,
    COMMITTED
  }

  private final String name;
  private final Lender lender;
  private final Thread owner = Thread.currentThread();
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private long since;
  private int slot;
  private volatile @Nullable Connection connection;
  private @Nullable JdbcScope scope;
  private Phase phase = Phase.STATEMENTS;
  private boolean broken;
  private int statements;
  private @Nullable Throwable doom;

  Hold(String name, Lender lender) {
    this.name = name;
    this.lender = lender;
  }

  /** Promises the hold of the scope around the caller, or null outside of any. */
  static @Nullable Hold current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** Promises the permit, then the connection, or an exception and whatever was taken noted. */
  void take(Permits permits) {
    permits.take(name, System.nanoTime() + lender.permitWait());
    since = System.nanoTime();
    state.set(State.HELD);
    slot = lender.holds().enter(this);
    connection = lender.pool().connection(name);
  }

  <R extends @Nullable Object, X extends Exception> R call(Work<R, X> block) throws X {
    return ScopedValue.where(CURRENT, this).call(() -> block.run(scope()));
  }

  JdbcScope scope() {
    JdbcScope existing = scope;
    if (existing == null) {
      existing = new JdbcScope(this);
      scope = existing;
    }
    return existing;
  }

  boolean inTransaction() {
    return phase == Phase.TRANSACTION;
  }

  void begin() {
    doom = null;
    try {
      connection().setAutoCommit(false);
    } catch (SQLException failure) {
      throw new DbClientException("Failed to begin a transaction for " + name, failure);
    }
    phase = Phase.TRANSACTION;
  }

  void commit() {
    Throwable cause = doom;
    if (cause != null) {
      throw new TransactionRolledBackException(
          "The transaction of %s was rolled back: a scope inside it had failed".formatted(name),
          cause);
    }
    phase = Phase.COMMIT;
    try {
      connection().commit();
      phase = Phase.COMMITTED;
      connection().setAutoCommit(true);
      phase = Phase.STATEMENTS;
    } catch (SQLException failure) {
      if (phase == Phase.COMMITTED) {
        broken = true; // what was asked for is stored; only the connection is of no more use
      } else if (SqlStates.lost(failure)) {
        throw new DbClientException("The connection was lost during the commit", failure);
      } else {
        throw new TransactionRolledBackException(
            "The transaction of %s was rolled back by the server".formatted(name), failure);
      }
    }
  }

  /** Promises that nothing of the transaction stays; never throws. */
  void rollback(Throwable failure) {
    Connection held = connection;
    if (held == null || phase == Phase.STATEMENTS || phase == Phase.COMMITTED) {
      return;
    }
    try {
      if (!SqlStates.lost(failure)) {
        held.rollback();
      }
      held.setAutoCommit(true);
    } catch (SQLException secondary) {
      failure.addSuppressed(secondary);
      broken = true;
    }
    if (phase == Phase.TRANSACTION) {
      phase = Phase.STATEMENTS;
    }
  }

  /** Promises that the transaction around the caller, if there is one, cannot be stored. */
  void doom(Throwable failure) {
    if (doom == null) {
      doom = failure;
    }
  }

  /** Promises what the failure really is, or null where it says so itself. */
  @Nullable DatabaseException explain(Throwable failure) {
    if (state.get() == State.REVOKED) {
      return new ScopeHeldTooLongException(
          "The scope %s was held past the hold limit and lost its connection".formatted(name),
          failure);
    }
    if (failure instanceof DbClientException && SqlStates.lost(failure)) {
      boolean safe = phase == Phase.TRANSACTION || statements == 0;
      return new DatabaseConnectionException(
          "The connection of %s was lost; %s"
              .formatted(
                  name,
                  safe ? "nothing was stored" : "whether its last statement was stored is unknown"),
          failure,
          Verdict.RETRYABLE,
          safe);
    }
    return null;
  }

  /** Promises that connection and permit are back, by this call or by the watchdog's. */
  void giveBack(Permits permits, @Nullable Throwable failure) {
    if (!state.compareAndSet(State.HELD, State.LEFT)) {
      return;
    }
    try {
      Connection held = connection;
      connection = null;
      if (held != null) {
        try {
          if (broken) {
            lender.pool().evict(held);
          }
          held.close();
        } catch (SQLException secondary) {
          lender.pool().evict(held);
          if (failure == null) {
            LOG.warn(
                "The connection of {} could not be reset and is not used again", name, secondary);
          } else {
            failure.addSuppressed(secondary);
          }
        }
      }
    } finally {
      lender.holds().leave(slot);
      permits.giveBack();
    }
  }

  /** Promises the connection, or says why the caller must not have it. */
  Connection connection() {
    check();
    Connection held = connection;
    if (held == null) {
      throw new IllegalStateException("the scope " + name + " has no connection yet");
    }
    return held;
  }

  void countStatement() {
    statements++;
  }

  /** Promises that the scope is still open and that its own thread asks. */
  void check() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "the scope %s belongs to the thread %s, not to %s: open a scope in the thread that needs one"
              .formatted(name, owner, Thread.currentThread()));
    }
    switch (state.get()) {
      case HELD -> {}
      case REVOKED ->
          throw new ScopeHeldTooLongException(
              "The scope %s was held past the hold limit and lost its connection".formatted(name),
              null);
      case WAITING, LEFT ->
          throw new IllegalStateException(
              "the scope %s has ended: read what is needed inside its block and return values, not streams, statements or the scope"
                  .formatted(name));
    }
  }

  boolean open() {
    return state.get() == State.HELD;
  }

  String name() {
    return name;
  }

  Thread owner() {
    return owner;
  }

  long since() {
    return since;
  }

  Lender lender() {
    return lender;
  }
}

package dev.ragprocessor.db;

import io.helidon.dbclient.DbClientException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One permit and one connection in the hands of one thread, from the outermost scope's entry to its
 * end. It belongs to its owner's thread, but for {@link #condemn} and {@link #revoke}, which are
 * the watchdog's. Who gives back is decided by compare-and-set: exactly one of the two does,
 * connection before permit; what the owner cannot finish, whatever the reason, the watchdog does.
 */
final class Hold {
  private static final Logger LOG = LoggerFactory.getLogger(Hold.class);
  private static final ScopedValue<Hold> CURRENT = ScopedValue.newInstance();
  private static final AtomicReferenceFieldUpdater<Hold, State> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Hold.class, State.class, "state");
  private static final AtomicReferenceFieldUpdater<Hold, @Nullable Connection> CONNECTION =
      AtomicReferenceFieldUpdater.newUpdater(Hold.class, Connection.class, "connection");

  private enum State {
    WAITING,
    HELD,
    LEAVING,
    LEFT,
    REVOKED
  }

  private final String name;
  private final Lender lender;
  private final Permits permits;
  private final @Nullable ConnectionScopeEvent event = ConnectionScopeEvent.begun();
  private final Thread owner = Thread.currentThread();
  private volatile State state = State.WAITING;
  private volatile @Nullable Connection connection;
  private final boolean idempotent;
  private long since;
  private volatile long askedSince; // by the watchdog's clock; 0 while the server owes no answer
  private int slot = Holds.NONE;
  private long asked;
  private long permitted;
  private long connected;
  private long firstStatement;
  private int statements;
  private boolean warned;
  private boolean broken;
  private @Nullable JdbcScope scope;
  private @Nullable Transaction transaction;

  /**
   * @param idempotent whether the first statement may run twice though it is in no transaction
   */
  Hold(String name, Lender lender, Permits permits, boolean idempotent) {
    this.idempotent = idempotent;
    this.name = name;
    this.lender = lender;
    this.permits = permits;
  }

  /** Promises the hold of the scope around the caller, or null outside of any. */
  static @Nullable Hold current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /**
   * Promises the permit, then the connection; what it has when it throws is given back as usual.
   */
  void take() {
    asked = clock();
    permits.take(name, lender.permitWait());
    STATE.lazySet(this, State.HELD); // at once: from here on the permit cannot be forgotten
    since = lender.watchdog().now();
    slot = lender.holds().enter(this); // publishes what was written before
    permitted = clock();
    CONNECTION.lazySet(this, lender.pool().connection(name));
    connected = clock();
  }

  /** Reading the clock costs as much as the permit: only where somebody records the times. */
  private long clock() {
    return event == null ? 0 : System.nanoTime();
  }

  <R extends @Nullable Object, X extends Exception> R call(Work<R, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(() -> work.run(scope()));
  }

  JdbcScope scope() {
    JdbcScope existing = scope;
    if (existing == null) {
      existing = new JdbcScope(this);
      scope = existing;
    }
    return existing;
  }

  /** Promises the transaction around the caller, or null where every statement is one. */
  @Nullable Transaction transaction() {
    return transaction;
  }

  void begin() {
    transaction = Transaction.begin(this);
  }

  /** Promises that what the block asked for is stored, or an exception. */
  void end() {
    Transaction open = transaction;
    if (open == null) {
      check();
    } else {
      open.commit();
      transaction = null;
    }
  }

  /** Promises that nothing of an open transaction stays; never throws for it. */
  void rollback(Throwable failure) {
    Transaction open = transaction;
    if (open != null && state == State.HELD && connection != null) {
      open.rollback(failure);
    }
  }

  /** Forgets the transaction that was rolled back, where the scope goes on without one. */
  void endTransaction() {
    transaction = null;
  }

  /** Promises what the failure really is, or null where it says so itself. */
  @Nullable DatabaseException explain(Throwable failure) {
    if (state == State.REVOKED) {
      return failure instanceof ScopeHeldTooLongException ? null : tooLong(failure);
    }
    if (failure instanceof DbClientException && SqlStates.lost(failure)) {
      boolean safe = statements == 0 || (transaction != null && !transaction.mayBeStored());
      lost(failure, false);
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
  void giveBack(@Nullable Throwable failure) {
    if (!STATE.compareAndSet(this, State.HELD, State.LEAVING)) {
      evictOnce(); // there was no permit, or the watchdog gives it back and may have come too early
      return;
    }
    Connection held = connection;
    if (held != null) {
      close(held, failure);
    }
    if (STATE.compareAndSet(this, State.LEAVING, State.LEFT)) {
      lender.holds().leave(slot);
      permits.giveBack();
    }
  }

  private void close(Connection held, @Nullable Throwable failure) {
    try {
      if (broken || (statements > 0 && transactionLeftOpen(held))) {
        evict(held);
      } else if (statements > 0) {
        lender.pool().used(held);
      }
      held.close();
    } catch (SQLException secondary) {
      evict(held);
      if (failure == null) {
        LOG.warn("The connection of {} could not be reset and is not used again", name, secondary);
      } else {
        failure.addSuppressed(secondary);
      }
    }
  }

  /** A transaction begun by SQL text is nobody's: the next borrower must not continue it. */
  private boolean transactionLeftOpen(Connection held) throws SQLException {
    boolean open = !held.isClosed() && state(held) != TransactionState.IDLE;
    if (open) {
      LOG.warn("The scope {} left a transaction open that it had begun by SQL; it is undone", name);
    }
    return open;
  }

  static TransactionState state(Connection held) throws SQLException {
    return held.unwrap(BaseConnection.class).getTransactionState();
  }

  /** Promises true to exactly one caller, who must then call {@link #revoke}. */
  boolean condemn() {
    return STATE.compareAndSet(this, State.HELD, State.REVOKED)
        || STATE.compareAndSet(this, State.LEAVING, State.REVOKED);
  }

  /** Promises that the statement is cancelled, the connection gone and the permit back. */
  void revoke() {
    try {
      Connection held = connection;
      if (held != null) {
        cancel(held);
        evictOnce();
      }
    } finally {
      lender.holds().leave(slot);
      permits.giveBack();
    }
  }

  private void evictOnce() {
    Connection held = CONNECTION.getAndSet(this, null);
    if (held != null) {
      evict(held);
    }
  }

  private void cancel(Connection held) {
    try {
      held.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException failure) {
      LOG.debug(
          "The statement of {} could not be cancelled; its connection is closed", name, failure);
    }
  }

  private void evict(Connection held) {
    lender.meters().evicted();
    lender.pool().evict(held);
  }

  /** Notes that the server is asked something, and owes an answer until {@link #answered}. */
  void asks() {
    long now = lender.watchdog().now();
    askedSince = now == 0 ? 1 : now;
  }

  /** Notes that the server's answer is there, or will not come. */
  void answered() {
    askedSince = 0;
  }

  /** Promises whether the server has owed an answer for so long; for the watchdog. */
  boolean isUnanswered(long now, long longest) {
    long asked = askedSince;
    return asked != 0 && now - asked >= longest;
  }

  /**
   * Closes the socket under a statement that the server does not answer, which then fails for its
   * lost connection; for the watchdog. The hold goes on, and parts from the connection by itself.
   */
  void hangUp() {
    Connection held = connection;
    if (held != null) {
      try {
        held.unwrap(PgConnection.class).abort(Runnable::run);
      } catch (SQLException failure) {
        LOG.debug("The connection of {} was gone already", name, failure);
      }
    }
  }

  /** Promises true the first time. */
  boolean warnOnce() {
    boolean first = !warned;
    warned = true;
    return first;
  }

  /** Notes that the connection must not go back to the pool. */
  void breakUp() {
    broken = true;
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

  /**
   * Promises the connection for one more statement. The first of a transaction needs no care, nor
   * does one that may run twice: when its connection turns out to have died, it is sent again (see
   * {@link #mayRepeatFirst}). Any other first statement may not be, so it gets a connection that
   * was looked at.
   */
  Connection connectionForStatement() {
    return transaction == null && !idempotent ? connectionForUnrepeatable() : nextStatement();
  }

  /** Promises whether the statement that is prepared now is one that may be sent again. */
  boolean isRepeatableFirst() {
    return statements == 1 && (transaction != null || idempotent);
  }

  /**
   * Promises the connection for one more statement that is never sent twice. Before the first it
   * looks whether the server has ended the session meanwhile (row 22: the pool does not look within
   * half a second of the last use); nothing was sent then, so another connection does as well. The
   * driver waits a millisecond for it, which is longer than most statements take; so it does not
   * look at a connection that has rested for less.
   */
  Connection connectionForUnrepeatable() {
    Connection held = nextStatement();
    if (statements > 1 || !lender.pool().rested(held)) {
      return held;
    }
    try {
      held.unwrap(PGConnection.class).getNotifications(); // reads what has come in, sends nothing
      return held;
    } catch (SQLException failure) {
      return reconnect(failure);
    }
  }

  private Connection nextStatement() {
    Connection held = connection();
    if (++statements == 1) {
      firstStatement = System.nanoTime();
    }
    return held;
  }

  /**
   * Promises whether the statement that failed was the first of a transaction, of which nothing was
   * stored then, or one that may run twice, and lost its connection: it may be sent again on
   * another one.
   */
  boolean mayRepeatFirst(Throwable failure) {
    return isRepeatableFirst()
        && (transaction == null || !transaction.mayBeStored())
        && state == State.HELD
        && SqlStates.lost(failure);
  }

  void statementFailed(SQLException failure) {
    if (transaction != null) {
      transaction.statementFailed(failure);
    }
  }

  /** Promises another connection, of which the server has just answered. */
  Connection reconnect(SQLException failure) {
    Connection dead = connection();
    lost(failure, true);
    evict(dead);
    connection = null;
    Connection fresh = lender.pool().answering(name);
    connection = fresh;
    check();
    if (transaction != null) {
      transaction.beginAgain();
    }
    return fresh;
  }

  private void lost(Throwable failure, boolean replaced) {
    SQLException sql = SqlStates.sql(failure);
    ConnectionLostEvent.commit(
        name, sql == null ? "" : String.valueOf(sql.getSQLState()), replaced);
    lender.meters().lost();
  }

  /** Promises that the scope is still open and that its own thread asks. */
  void check() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "the scope %s belongs to the thread %s, not to %s: open a scope in the thread that needs one"
              .formatted(name, owner, Thread.currentThread()));
    }
    switch (state) {
      case HELD -> {}
      case REVOKED -> throw tooLong(null);
      case WAITING, LEAVING, LEFT ->
          throw new IllegalStateException(
              "the scope %s has ended: read what is needed inside its block and return values, not streams, statements or the scope"
                  .formatted(name));
    }
  }

  private ScopeHeldTooLongException tooLong(@Nullable Throwable cause) {
    return new ScopeHeldTooLongException(
        "The scope %s was held past the hold limit and lost its connection; %s"
            .formatted(
                name,
                transaction == null
                    ? "statements that had ended are stored"
                    : transaction.mayBeStored()
                        ? "whether its transaction was stored is unknown"
                        : "its transaction was rolled back"),
        cause);
  }

  boolean open() {
    return state == State.HELD;
  }

  /** Promises that meters, health and the event know how this hold ended. */
  void report(@Nullable Throwable failure) {
    ScopeOutcome outcome = ScopeOutcome.of(failure);
    lender.meters().ended(outcome);
    if (outcome == ScopeOutcome.LOST) {
      lender.health().scopeLostConnection();
    }
    if (statements > 0) {
      long now = System.nanoTime();
      lender.meters().held(now - firstStatement);
      if (outcome == ScopeOutcome.OK) {
        lender.health().scopeEndedWell(now);
      }
    }
    if (event != null) {
      event.permitWait = permitted == 0 ? 0 : permitted - asked;
      event.acquire = connected == 0 ? 0 : connected - permitted;
      event.hold = connected == 0 ? 0 : System.nanoTime() - connected;
      event.end(name, statements, outcome);
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug("The scope {} ended: {}, {} statements", name, outcome.tag(), statements);
    }
  }

  String name() {
    return name;
  }

  int statements() {
    return statements;
  }

  Thread owner() {
    return owner;
  }

  /** Promises when it began, by the watchdog's clock. */
  long since() {
    return since;
  }

  Lender lender() {
    return lender;
  }
}

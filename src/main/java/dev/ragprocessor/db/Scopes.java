package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/**
 * The only way to the database: blocks of code that have a connection for as long as they run.
 *
 * <p>Each method waits for a permit, then takes a connection, runs the block on the calling thread,
 * and gives back the connection and then the permit, however the block ends. A scope inside a scope
 * joins it: the same connection, no second permit; its failure dooms the whole transaction, even if
 * the block around it catches it. A thread started inside a block opens scopes of its own; waiting
 * for it inside the block is forbidden, because it may need the permit that the block holds.
 *
 * <p>Thrown by all: {@link ConnectionPoolExhaustedException} when no permit came in time, {@link
 * DatabaseConnectionException} when no connection could be had or it was lost, {@link
 * ScopeHeldTooLongException} past the hold limit, {@link TransactionRolledBackException} when the
 * block returned but its transaction could not be stored, the database client's exceptions for
 * single statements, and whatever the block throws, as it is. Safe for use by many threads.
 */
public interface Scopes {
  /**
   * Promises to run the block outside a transaction: every statement is stored by itself. Inside a
   * transaction it is part of that.
   *
   * @param name who holds the connection, for messages and events; a constant, never an id
   */
  <R extends @Nullable Object, X extends Exception> R execute(String name, Work<R, X> work)
      throws X;

  /**
   * Promises the same, for a block whose first statement may run twice: one that only reads, or one
   * that changes nothing the second time. When its connection turns out to have died it is sent
   * again on another one, so that no connection needs to be looked at before it is used.
   *
   * @param name who holds the connection, for messages and events; a constant, never an id
   */
  default <R extends @Nullable Object, X extends Exception> R executeIdempotent(
      String name, Work<R, X> work) throws X {
    return execute(name, work);
  }

  /**
   * Promises to run the block as one transaction: stored when it returns, rolled back when it
   * throws. Inside a transaction it is part of that.
   *
   * @param name who holds the connection, for messages and events; a constant, never an id
   */
  <R extends @Nullable Object, X extends Exception> R inTransaction(String name, Work<R, X> work)
      throws X;

  /**
   * Promises the same, and to run the block again, on a new connection and after a short wait, when
   * the server ends it for a serialization failure or a deadlock; five times in all. The block must
   * be fit to run more than once. Inside another scope it throws {@link IllegalStateException},
   * because only the outermost block can be repeated as a whole.
   *
   * @param name who holds the connection, for messages and events; a constant, never an id
   */
  <R extends @Nullable Object, X extends Exception> R inRepeatableTransaction(
      String name, Work<R, X> work) throws X;

  /** Promises {@link #execute(String, Work)}, named for the class that the block is written in. */
  default <R extends @Nullable Object, X extends Exception> R execute(Work<R, X> work) throws X {
    return execute(ScopeNames.of(work), work);
  }

  /** Promises {@link #inTransaction(String, Work)}, named for the class the block is written in. */
  default <R extends @Nullable Object, X extends Exception> R inTransaction(Work<R, X> work)
      throws X {
    return inTransaction(ScopeNames.of(work), work);
  }

  /**
   * Promises {@link #inRepeatableTransaction(String, Work)}, named for the class that the block is
   * written in.
   */
  default <R extends @Nullable Object, X extends Exception> R inRepeatableTransaction(
      Work<R, X> work) throws X {
    return inRepeatableTransaction(ScopeNames.of(work), work);
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.db.Work;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A process' way to its database, which ends with a scope of the test's choice as a killed process'
 * does: whoever comes afterwards is stopped by an error that nothing catches.
 */
final class MortalScopes implements Scopes {
  private final Scopes database;
  private final Life life;

  MortalScopes(Scopes database, Life life) {
    this.database = database;
    this.life = life;
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R execute(String name, Work<R, X> work)
      throws X {
    life.before();
    R result = database.execute(name, work);
    life.after();
    return result;
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R inTransaction(
      String name, Work<R, X> work) throws X {
    life.before();
    R result = database.inTransaction(name, work);
    life.after();
    return result;
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R inRepeatableTransaction(
      String name, Work<R, X> work) throws X {
    life.before();
    R result = database.inRepeatableTransaction(name, work);
    life.after();
    return result;
  }

  /** The life of one process, which all its ways to the database share. */
  static final class Life {
    private final AtomicInteger scopesLeft = new AtomicInteger();
    private volatile boolean storesTheLast;
    private volatile boolean over;

    /** Ends with the {@code scope}th scope from now, from 1. */
    void endWith(int scope, boolean stored) {
      storesTheLast = stored;
      scopesLeft.set(scope);
    }

    void end() {
      over = true;
    }

    boolean isOver() {
      return over;
    }

    private void before() {
      boolean last = scopesLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 1;
      if (over || (last && !storesTheLast)) {
        over = true;
        throw new KilledError();
      }
      if (last) {
        over = true; // whoever comes next is stopped; this scope still runs
      }
    }

    private void after() {
      if (over) {
        throw new KilledError();
      }
    }
  }

  /** There is no process any more. */
  static final class KilledError extends Error {
    private static final long serialVersionUID = 1L;

    KilledError() {
      super("killed", null, false, false);
    }
  }
}

package dev.ragprocessor.db;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Scopes that take their permits from one place. */
final class PermittedScopes implements Scopes {
  private static final int ATTEMPTS = 5;
  private static final long FIRST_BACKOFF_MILLIS = 10;

  private enum Kind {
    STATEMENTS,
    IDEMPOTENT,
    TRANSACTION
  }

  private final Lender lender;
  private final Permits permits;

  PermittedScopes(Lender lender, Permits permits) {
    this.lender = lender;
    this.permits = permits;
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R execute(String name, Work<R, X> work)
      throws X {
    Hold outer = around();
    return outer == null ? lend(name, Kind.STATEMENTS, work) : join(outer, work);
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R executeIdempotent(
      String name, Work<R, X> work) throws X {
    Hold outer = around();
    return outer == null ? lend(name, Kind.IDEMPOTENT, work) : join(outer, work);
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R inTransaction(
      String name, Work<R, X> work) throws X {
    Hold outer = around();
    if (outer == null) {
      return lend(name, Kind.TRANSACTION, work);
    }
    return outer.transaction() == null ? within(outer, work) : join(outer, work);
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R inRepeatableTransaction(
      String name, Work<R, X> work) throws X {
    if (around() != null) {
      throw new IllegalStateException(
          name + " is inside another scope: only the outermost transaction can be repeated");
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return lend(name, Kind.TRANSACTION, work);
      } catch (Throwable failure) {
        if (attempt == ATTEMPTS || !SqlStates.conflict(failure)) {
          throw failure;
        }
        pause(attempt, failure);
      }
    }
  }

  /** Permit, connection, commit or rollback, and back: every scope passes through here. */
  private <R extends @Nullable Object, X extends Exception> R lend(
      String name, Kind kind, Work<R, X> work) throws X {
    Hold hold = new Hold(name, lender, permits, kind == Kind.IDEMPOTENT);
    Throwable failure = null;
    try {
      hold.take();
      if (kind == Kind.TRANSACTION) {
        hold.begin();
      }
      R result = hold.call(work);
      hold.end();
      return result;
    } catch (Throwable thrown) {
      hold.rollback(thrown);
      DatabaseException explained = hold.explain(thrown);
      failure = explained == null ? thrown : explained;
      if (explained != null) {
        throw explained;
      }
      throw thrown;
    } finally {
      hold.giveBack(failure);
      hold.report(failure);
    }
  }

  /** A block inside another: part of it, and of its fate. */
  private static <R extends @Nullable Object, X extends Exception> R join(
      Hold hold, Work<R, X> work) throws X {
    try {
      return work.run(hold.scope());
    } catch (Throwable failure) {
      Transaction transaction = hold.transaction();
      if (transaction != null) {
        transaction.doom(failure);
      }
      throw failure;
    }
  }

  /** A transaction inside a block that has none: it begins and ends here. */
  private static <R extends @Nullable Object, X extends Exception> R within(
      Hold hold, Work<R, X> work) throws X {
    hold.begin();
    try {
      R result = work.run(hold.scope());
      hold.end();
      return result;
    } catch (Throwable failure) {
      hold.rollback(failure);
      hold.endTransaction();
      throw failure;
    }
  }

  private @Nullable Hold around() {
    Hold hold = Hold.current();
    if (hold != null) {
      hold.check();
      if (hold.lender().pool() != lender.pool()) {
        throw new IllegalStateException(
            "inside the scope %s of another database: one thread holds one connection at a time"
                .formatted(hold.name()));
      }
    }
    return hold;
  }

  private static void pause(int attempt, Throwable failure) {
    long bound = FIRST_BACKOFF_MILLIS << attempt;
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(bound / 2, bound));
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      DatabaseConnectionException stopped =
          new DatabaseConnectionException(
              "Interrupted before repeating a transaction", failure, Verdict.RETRYABLE, true);
      stopped.addSuppressed(interruption);
      throw stopped;
    }
  }
}

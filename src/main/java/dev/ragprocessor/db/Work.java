package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/**
 * A block of code that uses the database. The scope it is given, and everything obtained from it,
 * is valid until the block ends and on the thread that runs it, not longer and nowhere else.
 *
 * @param <R> what the block returns
 * @param <X> the checked exception it may throw, passed on as it is
 */
@FunctionalInterface
public interface Work<R extends @Nullable Object, X extends Exception> {
  /** Does the work on the connection of {@code db}. */
  R run(Scope db) throws X;
}

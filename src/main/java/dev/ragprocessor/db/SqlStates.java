package dev.ragprocessor.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's error codes, each with what it means for the caller. An exact code wins over its
 * class (the first two characters); a code that is in neither table is worth another attempt,
 * because attempts are counted. The codes are those of PostgreSQL's appendix A and of the driver's
 * {@code PSQLState}.
 */
final class SqlStates {
  private static final Map<String, Verdict> CODES =
      Map.ofEntries(
          Map.entry("53300", Verdict.SATURATED), // too many connections
          Map.entry("57014", Verdict.RETRYABLE), // cancelled, or the statement's timeout
          Map.entry("57P01", Verdict.RETRYABLE), // administrator's shutdown or kill
          Map.entry("57P02", Verdict.RETRYABLE), // another backend crashed
          Map.entry("57P03", Verdict.RETRYABLE), // starting, recovering or stopping
          Map.entry("57P05", Verdict.RETRYABLE), // idle session timeout
          Map.entry("40001", Verdict.RETRYABLE), // serialization failure
          Map.entry("40P01", Verdict.RETRYABLE), // deadlock
          Map.entry("55P03", Verdict.RETRYABLE), // lock not available
          Map.entry("25P03", Verdict.RETRYABLE), // idle-in-transaction timeout
          Map.entry("25006", Verdict.RETRYABLE), // read-only: failed over to a replica
          Map.entry("53100", Verdict.RETRYABLE), // disk full
          Map.entry("53200", Verdict.RETRYABLE), // out of memory
          Map.entry("26000", Verdict.MISCONFIGURED), // unknown prepared statement: pooler's mode
          Map.entry("42P05", Verdict.MISCONFIGURED), // prepared statement exists: pooler's mode
          Map.entry("57P04", Verdict.MISCONFIGURED)); // the database was dropped

  private static final Map<String, Verdict> CLASSES =
      Map.ofEntries(
          Map.entry("07", Verdict.PERMANENT), // a parameter without a usable type
          Map.entry("08", Verdict.RETRYABLE), // connection
          Map.entry("0A", Verdict.MISCONFIGURED), // not supported, or a cached plan is stale
          Map.entry("21", Verdict.PERMANENT), // cardinality
          Map.entry("22", Verdict.PERMANENT), // data
          Map.entry("23", Verdict.PERMANENT), // constraint
          Map.entry("28", Verdict.MISCONFIGURED), // authorization
          Map.entry("3D", Verdict.MISCONFIGURED), // no such database
          Map.entry("3F", Verdict.MISCONFIGURED), // no such schema
          Map.entry("40", Verdict.RETRYABLE), // transaction rolled back
          Map.entry("42", Verdict.MISCONFIGURED), // syntax, missing column, lost grant
          Map.entry("44", Verdict.PERMANENT), // with check option
          Map.entry("54", Verdict.PERMANENT), // a limit of the program
          Map.entry("XX", Verdict.MISCONFIGURED)); // corrupted, or a bug of the server

  /** The server ended the session; whatever came before it, the connection is gone. */
  private static final Set<String> LOST =
      Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03");

  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private SqlStates() {}

  /** Promises the verdict on a statement's failure. */
  static Verdict verdict(SQLException failure) {
    if (failure instanceof SQLTransientConnectionException) {
      return connecting(failure);
    }
    String state = failure.getSQLState();
    if (state == null || state.length() != 5) {
      return Verdict.RETRYABLE;
    }
    Verdict exact = CODES.get(state);
    return exact != null ? exact : CLASSES.getOrDefault(state.substring(0, 2), Verdict.RETRYABLE);
  }

  /**
   * Promises the verdict on a failure to connect: worth another attempt whatever its code says (a
   * pooler that answers without parameters gives 99999), but for a full server and for what only a
   * person can set right.
   */
  static Verdict connecting(SQLException failure) {
    String state = state(failure);
    if (state == null) {
      return Verdict.RETRYABLE;
    }
    if (state.equals("53300")) {
      return Verdict.SATURATED;
    }
    return state.startsWith("28") || state.startsWith("3D") || state.startsWith("0A")
        ? Verdict.MISCONFIGURED
        : Verdict.RETRYABLE;
  }

  /** Promises whether two transactions stood in each other's way and one had to yield. */
  static boolean conflict(Throwable thrown) {
    SQLException failure = sql(thrown);
    return failure != null && CONFLICTS.contains(String.valueOf(failure.getSQLState()));
  }

  /** Promises whether others had what was wanted for longer than one may wait. */
  static boolean busy(Throwable thrown) {
    SQLException failure = sql(thrown);
    return failure != null && LOCK_NOT_AVAILABLE.equals(failure.getSQLState());
  }

  /** Promises whether the connection that failed like this is gone. */
  static boolean lost(Throwable thrown) {
    SQLException failure = sql(thrown);
    String state = failure == null ? null : failure.getSQLState();
    return state != null && (state.startsWith("08") || LOST.contains(state));
  }

  /** Promises the first {@code SQLException} in the chain of causes, or null. */
  static @Nullable SQLException sql(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SQLException failure) {
        return failure;
      }
    }
    return null;
  }

  /** Promises the code of a failure or, where it has none, of its SQL cause. */
  static @Nullable String state(SQLException failure) {
    if (failure.getSQLState() != null) {
      return failure.getSQLState();
    }
    SQLException cause = failure.getCause() == null ? null : sql(failure.getCause());
    return cause == null ? null : cause.getSQLState();
  }
}

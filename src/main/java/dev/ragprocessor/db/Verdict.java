package dev.ragprocessor.db;

/** What a failure of the database means for the one who asked. */
public enum Verdict {
  /** There are not enough connections at the moment; nothing was done, come back later. */
  SATURATED,
  /** It may succeed when done again. */
  RETRYABLE,
  /** The deployment is wrong (schema, grants, pooler's mode, password) and somebody must act. */
  MISCONFIGURED,
  /** The same work will fail the same way every time: its data is not acceptable. */
  PERMANENT;

  /**
   * Promises the verdict on whatever left a scope: this room's own exceptions, the database
   * client's, or any exception with one of these or an {@code SQLException} among its causes. It
   * goes by type and SQLSTATE, never by message. What has nothing to do with a database is {@link
   * #PERMANENT}: a bug in the work is no reason to repeat it.
   */
  public static Verdict of(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof DatabaseException ours) {
        return ours.verdict();
      }
      if (at instanceof java.sql.SQLException sql) {
        return SqlStates.verdict(sql);
      }
      if (at instanceof InterruptedException) {
        return RETRYABLE;
      }
    }
    return PERMANENT;
  }
}

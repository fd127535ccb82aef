package dev.ragprocessor.db;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Parts from connections that have become read-only (row 28): after a fail-over the old name may
 * still lead to the old primary, and such a connection never recovers. The others were opened to
 * the same server, so the pool parts from them as well: idle ones now, lent ones when they return.
 */
final class EvictReadOnly implements SQLExceptionOverride {
  private static final String READ_ONLY_SQL_TRANSACTION = "25006";

  private final Runnable partFromOthers;

  /**
   * @param partFromOthers lets go of every connection that nobody uses
   */
  EvictReadOnly(Runnable partFromOthers) {
    this.partFromOthers = partFromOthers;
  }

  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException failure) {
    if (!READ_ONLY_SQL_TRANSACTION.equals(failure.getSQLState())) {
      return SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
    partFromOthers.run();
    return SQLExceptionOverride.Override.MUST_EVICT;
  }
}

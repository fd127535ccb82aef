package dev.ragprocessor.db;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Bounds how long a migration waits for a table. One that runs outside of a transaction is not
 * bounded: {@code CREATE INDEX CONCURRENTLY} waits for others by design, and keeps nobody waiting.
 */
record LockTimeout(Duration longest) implements Callback {
  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    try (Statement statement = context.getConnection().createStatement()) {
      if (!context.getConnection().getAutoCommit()) {
        statement.execute("SET LOCAL lock_timeout = " + longest.toMillis());
      }
    } catch (SQLException e) {
      throw new FlywayException("The migration's lock timeout cannot be set", e);
    }
  }

  @Override
  public String getCallbackName() {
    return "lock timeout";
  }
}

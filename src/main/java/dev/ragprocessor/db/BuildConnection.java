package dev.ragprocessor.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A direct connection outside the pool for statements that take as long as they take, as {@code
 * CREATE INDEX CONCURRENTLY} does. It exists only while it is this process' turn, and no process
 * has more than one, which its budget counts. One thread runs statements; {@link #cancel} may come
 * from any other.
 */
public final class BuildConnection implements AutoCloseable {
  /**
   * Such a statement waits for every transaction that it finds at work. One that does not end is
   * told rather than waited for.
   */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);

  private final DatabaseSettings settings;
  private final String work;
  private final Connection connection;
  private final Statement statement;
  private volatile boolean cancelled;

  private BuildConnection(
      DatabaseSettings settings, String work, Connection connection, Statement statement) {
    this.settings = settings;
    this.work = work;
    this.connection = connection;
    this.statement = statement;
  }

  /**
   * Promises a connection if no other process is at this work; it waits for none.
   *
   * @param settings where the database is, reached directly: a session lock means nothing behind a
   *     transaction pooler
   * @param work the name of the work, the same in every process; {@link Migrations#build} knows it
   *     by this name, too
   * @param parameters of PostgreSQL, in force on this connection only
   * @throws IllegalArgumentException when the endpoint is behind a transaction pooler
   * @throws DatabaseConnectionException when no connection can be had
   */
  public static Optional<BuildConnection> inTurn(
      DatabaseSettings settings, String work, Map<String, String> parameters) {
    if (settings.endpoint().pooler() == Pooler.TRANSACTION) {
      throw new IllegalArgumentException(
          "a build needs a direct connection, not a transaction pooler: "
              + settings.endpoint().printable());
    }
    try {
      Connection connection =
          DriverManager.getConnection(
              settings.endpoint().jdbcUrl(), DriverProperties.single(settings));
      boolean ours = false;
      try {
        BuildConnection build =
            new BuildConnection(settings, work, connection, connection.createStatement());
        ours = build.takeTurn(parameters);
        return ours ? Optional.of(build) : Optional.empty();
      } finally {
        if (!ours) {
          connection.close();
        }
      }
    } catch (SQLException failure) {
      throw failed(settings, work, failure);
    }
  }

  private boolean takeTurn(Map<String, String> parameters) throws SQLException {
    try (ResultSet turn =
        statement.executeQuery(
            "SELECT pg_try_advisory_lock(hashtextextended('%s', 0))"
                .formatted(work.replace("'", "''")))) {
      if (!turn.next() || !turn.getBoolean(1)) {
        return false;
      }
    }
    statement.execute("SET statement_timeout = 0");
    statement.execute("SET lock_timeout = %d".formatted(LOCK_WAIT.toMillis()));
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      statement.execute(
          "SET %s = '%s'".formatted(parameter.getKey(), parameter.getValue().replace("'", "''")));
    }
    return true;
  }

  /**
   * Promises that the statement has run, outside a transaction.
   *
   * @throws DatabaseConnectionException when it has not
   */
  public void run(String sql) {
    try {
      if (cancelled) {
        throw new SQLException("cancelled before it began", "57014");
      }
      statement.execute(sql);
    } catch (SQLException failure) {
      throw failed(settings, work, failure);
    }
  }

  /** Whether it was told to end. */
  public boolean cancelled() {
    return cancelled;
  }

  /** Promises that the statement that runs ends soon, and that no other begins. */
  public void cancel() {
    cancelled = true;
    try {
      statement.cancel();
    } catch (SQLException failure) {
      throw failed(settings, work, failure);
    }
  }

  /** Gives the turn back. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw failed(settings, work, failure);
    }
  }

  private static DatabaseConnectionException failed(
      DatabaseSettings settings, String work, SQLException failure) {
    return new DatabaseConnectionException(
        "%s failed on a connection of its own to %s (SQLSTATE %s)"
            .formatted(work, settings.endpoint().printable(), SqlStates.state(failure)),
        failure,
        Verdict.of(failure),
        true);
  }
}

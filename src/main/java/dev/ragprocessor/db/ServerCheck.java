package dev.ragprocessor.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server says about itself, asked once at start on a connection of its own.
 *
 * @param findings what a person should know or do, each a sentence with the numbers or the SQL
 * @param overBudget whether the connections cannot suffice for every replica's pool
 * @param noticesLostClients whether the server can be told to look for clients that are gone
 */
record ServerCheck(List<String> findings, boolean overBudget, boolean noticesLostClients) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

  /**
   * Beside every replica's pool, a connection that asks whether the database is there, and one that
   * builds an index, at times.
   */
  private static final int BESIDE = 2;

  /** What a session is granted; reserved_connections came with PostgreSQL 16. */
  private static final String LIMITS =
      """
      SELECT current_setting('max_connections')::int,
             current_setting('superuser_reserved_connections')::int,
             coalesce(current_setting('reserved_connections', true)::int, 0),
             r.rolname, r.rolconnlimit, d.datconnlimit
      FROM pg_roles r, pg_database d
      WHERE r.rolname = current_user AND d.datname = current_database()
      """;

  ServerCheck {
    findings = List.copyOf(findings);
  }

  /**
   * Promises the server's answers, each finding logged.
   *
   * @throws DatabaseConnectionException when the server cannot be asked
   * @throws IllegalStateException when the budget does not fit and the settings say to refuse
   */
  static ServerCheck run(DatabaseSettings settings) {
    DatabaseEndpoint endpoint = settings.endpoint();
    ServerCheck check;
    try (Connection connection =
        DriverManager.getConnection(endpoint.jdbcUrl(), DriverProperties.single(settings))) {
      check =
          switch (endpoint.pooler()) {
            case NONE -> direct(connection, settings);
            case TRANSACTION -> behindPooler(connection, settings);
          };
    } catch (SQLException failure) {
      throw new DatabaseConnectionException(
          "%s cannot be asked for its limits (SQLSTATE %s)"
              .formatted(endpoint.printable(), SqlStates.state(failure)),
          failure,
          SqlStates.connecting(failure),
          true);
    }
    if (check.overBudget && settings.budget().excess() == Budget.Excess.REFUSE) {
      throw new IllegalStateException(String.join("; ", check.findings));
    }
    check.findings.forEach(LOG::warn);
    return check;
  }

  private static ServerCheck direct(Connection connection, DatabaseSettings settings)
      throws SQLException {
    List<String> findings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LIMITS)) {
      if (!row.next()) {
        throw new SQLException("pg_roles does not show the current role", "42501");
      }
      int needed = settings.budget().replicas() * (settings.pool().size() + BESIDE);
      String arithmetic =
          "%d replicas x (pool of %d + %d) = %d connections"
              .formatted(settings.budget().replicas(), settings.pool().size(), BESIDE, needed);
      int server = row.getInt(1) - row.getInt(2) - row.getInt(3);
      if (needed > server) {
        findings.add(
            "%s, but the server has %d for ordinary roles (max_connections %d - %d reserved): make the pool smaller or max_connections larger"
                .formatted(arithmetic, server, row.getInt(1), row.getInt(2) + row.getInt(3)));
      }
      limit(findings, arithmetic, needed, "the role " + row.getString(4), row.getInt(5));
      limit(findings, arithmetic, needed, "the database", row.getInt(6));
    }
    return new ServerCheck(findings, !findings.isEmpty(), noticesLostClients(connection));
  }

  private static void limit(
      List<String> findings, String arithmetic, int needed, String whose, int limit) {
    if (limit >= 0 && needed > limit) {
      findings.add(
          "%s, but %s has a CONNECTION LIMIT of %d: make the pool smaller or the limit larger"
              .formatted(arithmetic, whose, limit));
    }
  }

  /** The operating system must support it; the server refuses the setting where it does not. */
  private static boolean noticesLostClients(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET client_connection_check_interval = '5s'");
      return true;
    } catch (SQLException refusal) {
      LOG.debug("The server does not look for clients that are gone", refusal);
      return false;
    }
  }

  /** Behind a pooler its own limits count; what the role must bring along is checked instead. */
  private static ServerCheck behindPooler(Connection connection, DatabaseSettings settings)
      throws SQLException {
    Timeouts timeouts = settings.timeouts();
    List<String> findings = new ArrayList<>();
    role(connection, findings, "statement_timeout", timeouts.statement().toMillis());
    role(connection, findings, "lock_timeout", timeouts.lock().toMillis());
    role(
        connection,
        findings,
        "idle_in_transaction_session_timeout",
        timeouts.idleInTransaction().toMillis());
    return new ServerCheck(findings, false, false);
  }

  private static void role(
      Connection connection, List<String> findings, String setting, long millis)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT setting::bigint, quote_ident(current_user) FROM pg_settings WHERE name = ?")) {
      statement.setString(1, setting);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next() && row.getLong(1) == 0) {
          findings.add(
              "behind a transaction pooler the role itself must have its timeouts: ALTER ROLE %s SET %s = '%dms'"
                  .formatted(row.getString(2), setting, millis));
        }
      }
    }
  }
}

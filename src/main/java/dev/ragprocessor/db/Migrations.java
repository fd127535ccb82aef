package dev.ragprocessor.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the schema up to date on short-lived connections of its own, outside the pool. */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final Duration TURN_PAUSE = Duration.ofMillis(200);

  /**
   * Two such waits and what lies between are shorter than PostgreSQL's deadlock_timeout, 1 s: where
   * a migration and another program wait for each other, it is the migration that yields.
   */
  private static final Duration TABLE_WAIT = Duration.ofMillis(300);

  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);
  private static final int BUSY_TRIES = 60;

  private Migrations() {}

  /**
   * Promises that every migration of the locations has run, once, whoever else starts at the same
   * time: replicas wait for each other. A database that has tables but no history is adopted at
   * version 0, so that migrations begin with version 1. Blocks for as long as they take.
   *
   * <p>A table that another program is at is waited for a moment, and then again a little later,
   * for a minute: whoever wants the table meanwhile queues behind the migration that waits.
   *
   * @param settings where the database is, reached directly: a session lock means nothing behind a
   *     transaction pooler
   * @param locations Flyway's locations of the scripts, for example {@code classpath:db/migration}
   * @return how many migrations ran now
   * @throws IllegalArgumentException when the endpoint is behind a transaction pooler
   * @throws DatabaseConnectionException when no connection can be had
   * @throws FlywayException when a migration fails or an applied one was changed
   */
  public static int run(DatabaseSettings settings, String... locations) {
    DatabaseEndpoint endpoint = settings.endpoint();
    if (endpoint.pooler() == Pooler.TRANSACTION) {
      throw new IllegalArgumentException(
          "migrations need a direct connection, not a transaction pooler: " + endpoint.printable());
    }
    Properties properties = DriverProperties.single(settings);
    // Flyway's own lock begins after it has baselined an adopted database: two that start together
    // would both do that, and one of them fail.
    try (Connection turn = DriverManager.getConnection(endpoint.jdbcUrl(), properties);
        Statement statement = turn.createStatement()) {
      awaitTurn(statement, "migrations");
      return migrate(endpoint, properties, locations);
    } catch (SQLException e) {
      // So that a database that is not there is told from a migration that fails.
      throw new DatabaseConnectionException(
          "No connection: %s does not accept one (SQLSTATE %s)"
              .formatted(endpoint.printable(), SqlStates.state(e)),
          e,
          SqlStates.connecting(e),
          true);
    }
  }

  private static int migrate(
      DatabaseEndpoint endpoint, Properties properties, String... locations) {
    Flyway flyway = flyway(endpoint, properties, locations);
    for (int tries = 1; ; tries++) {
      try {
        MigrateResult result = flyway.migrate();
        LOG.info(
            "The schema is at version {} ({} migrations now)",
            result.targetSchemaVersion == null
                ? result.initialSchemaVersion
                : result.targetSchemaVersion,
            result.migrationsExecuted);
        return result.migrationsExecuted;
      } catch (FlywayException e) {
        if (tries == BUSY_TRIES || !(SqlStates.busy(e) || SqlStates.conflict(e))) {
          throw e;
        }
        LOG.info("A table is in use; the migration comes again in {}", BUSY_PAUSE);
        LockSupport.parkNanos(BUSY_PAUSE.toNanos());
      }
    }
  }

  private static Flyway flyway(
      DatabaseEndpoint endpoint, Properties properties, String... locations) {
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(
                endpoint.jdbcUrl(),
                properties.getProperty("user"),
                properties.getProperty("password"))
            .jdbcProperties(strings(properties))
            .locations(locations)
            .callbacks(new LockTimeout(TABLE_WAIT))
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .connectRetries(0);
    // CREATE INDEX CONCURRENTLY waits for every transaction, the lock's own included.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  /**
   * Promises that the statements have run, outside a transaction and without a statement timeout,
   * on a direct connection of their own: for what takes as long as it takes, as {@code CREATE INDEX
   * CONCURRENTLY} does. Processes that name the same work do it one after another.
   *
   * @param work the name of the work, the same in every process
   * @param statements asked for when it is this process' turn, so that what another has done is not
   *     done again
   * @throws DatabaseConnectionException when no connection can be had, or a statement fails
   */
  public static void build(
      DatabaseSettings settings, String work, Supplier<List<String>> statements) {
    build(settings, work, Map.of(), statements);
  }

  /**
   * Promises the same.
   *
   * @param parameters of PostgreSQL, in force on that connection only
   */
  public static void build(
      DatabaseSettings settings,
      String work,
      Map<String, String> parameters,
      Supplier<List<String>> statements) {
    Properties properties = DriverProperties.single(settings);
    try (Connection connection =
            DriverManager.getConnection(settings.endpoint().jdbcUrl(), properties);
        Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = 0");
      statement.execute("SET lock_timeout = 0");
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        statement.execute(
            "SET %s = %s".formatted(parameter.getKey(), quoted(parameter.getValue())));
      }
      awaitTurn(statement, work);
      for (String sql : statements.get()) {
        LOG.info("{}: {}", work, sql);
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new DatabaseConnectionException(
          "%s failed on a connection of its own to %s (SQLSTATE %s)"
              .formatted(work, settings.endpoint().printable(), SqlStates.state(e)),
          e,
          Verdict.of(e),
          true);
    }
  }

  // A session's lock: the connection is nobody else's, and closing it gives the lock back. It is
  // asked for again and again, because CREATE INDEX CONCURRENTLY waits for every statement that
  // runs, one that waits for this lock included: the two would wait for each other.
  private static void awaitTurn(Statement statement, String work) throws SQLException {
    String ask = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))".formatted(quoted(work));
    while (!answersTrue(statement, ask)) {
      LOG.debug("{}: another process is at it", work);
      LockSupport.parkNanos(TURN_PAUSE.toNanos());
    }
  }

  private static boolean answersTrue(Statement statement, String question) throws SQLException {
    try (ResultSet answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static Map<String, String> strings(Properties properties) {
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }
}

package dev.ragprocessor.db;

import java.util.Map;
import java.util.Properties;
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

  private Migrations() {}

  /**
   * Promises that every migration of the location has run, once, whoever else starts at the same
   * time: replicas wait for each other. A database that has tables but no history is adopted at
   * version 0, so that migrations begin with version 1. Blocks for as long as they take.
   *
   * @param settings where the database is, reached directly: a session lock means nothing behind a
   *     transaction pooler
   * @param location Flyway's location of the scripts, for example {@code classpath:db/migration}
   * @return how many migrations ran now
   * @throws IllegalArgumentException when the endpoint is behind a transaction pooler
   * @throws FlywayException when a migration fails or an applied one was changed
   */
  public static int run(DatabaseSettings settings, String location) {
    DatabaseEndpoint endpoint = settings.endpoint();
    if (endpoint.pooler() == Pooler.TRANSACTION) {
      throw new IllegalArgumentException(
          "migrations need a direct connection, not a transaction pooler: " + endpoint.printable());
    }
    Properties properties = DriverProperties.single(settings);
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(
                endpoint.jdbcUrl(),
                properties.getProperty("user"),
                properties.getProperty("password"))
            .jdbcProperties(strings(properties))
            .locations(location)
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .connectRetries(0);
    // CREATE INDEX CONCURRENTLY waits for every transaction, the lock's own included.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    MigrateResult result = configuration.load().migrate();
    LOG.info(
        "The schema is at version {} ({} migrations now)",
        result.targetSchemaVersion == null
            ? result.initialSchemaVersion
            : result.targetSchemaVersion,
        result.migrationsExecuted);
    return result.migrationsExecuted;
  }

  private static Map<String, String> strings(Properties properties) {
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }
}

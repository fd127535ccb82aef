package dev.ragprocessor.db;

import java.util.Objects;

/**
 * Everything that {@link Database} is opened with.
 *
 * @param endpoint where the database is
 * @param applicationName what the server's {@code pg_stat_activity} shows, 1 to 63 bytes of ASCII
 * @param pool how many connections, how long one waits for them and keeps them
 * @param timeouts how long the database may take
 * @param budget what is compared with the server's own limits at start
 */
public record DatabaseSettings(
    DatabaseEndpoint endpoint,
    String applicationName,
    PoolSettings pool,
    Timeouts timeouts,
    Budget budget) {
  /** PostgreSQL's NAMEDATALEN, less the terminator: longer names are cut silently. */
  private static final int LONGEST_NAME = 63;

  public DatabaseSettings {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(timeouts, "timeouts");
    Objects.requireNonNull(budget, "budget");
    if (applicationName.isBlank()
        || applicationName.length() > LONGEST_NAME
        || !applicationName.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "the application name must be 1 to 63 printable ASCII characters: " + applicationName);
    }
  }

  /** Promises the defaults of every part, as {@code rag-processor}. */
  public static DatabaseSettings of(DatabaseEndpoint endpoint) {
    return new DatabaseSettings(
        endpoint, "rag-processor", PoolSettings.DEFAULT, Timeouts.DEFAULT, Budget.DEFAULT);
  }

  /** Promises the defaults for a direct database whose URL says everything, as tests have it. */
  public static DatabaseSettings of(String jdbcUrl) {
    return of(DatabaseEndpoint.of(jdbcUrl));
  }

  /** Promises the same under another name. */
  public DatabaseSettings applicationName(String other) {
    return new DatabaseSettings(endpoint, other, pool, timeouts, budget);
  }

  /** Promises the same with another pool. */
  public DatabaseSettings pool(PoolSettings other) {
    return new DatabaseSettings(endpoint, applicationName, other, timeouts, budget);
  }

  /** Promises the same with other timeouts. */
  public DatabaseSettings timeouts(Timeouts other) {
    return new DatabaseSettings(endpoint, applicationName, pool, other, budget);
  }

  /** Promises the same with another budget. */
  public DatabaseSettings budget(Budget other) {
    return new DatabaseSettings(endpoint, applicationName, pool, timeouts, other);
  }
}

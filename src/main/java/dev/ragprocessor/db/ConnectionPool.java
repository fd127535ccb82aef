package dev.ragprocessor.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.postgresql.PGConnection;

/**
 * The physical connections. Only a hold takes one, and it has a permit by then, so nobody ever
 * waits in here for somebody else: what time goes by is spent on opening a connection.
 */
final class ConnectionPool implements AutoCloseable {
  /** What opening may take beyond the driver's own bound before the pool gives up. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private static final int VALIDATION_SECONDS = 1;

  /** What a connection may rest without being looked at: less than looking takes. */
  private static final long REST = Duration.ofMillis(1).toNanos();

  private final Connector connector;
  private final HikariDataSource source;
  private final PoolMeters meters;

  /** When a scope last ended with each; the driver's connections have no equality of their own. */
  private final Map<PGConnection, Long> lastUses = Collections.synchronizedMap(new WeakHashMap<>());

  private final int size;
  private final Refusals refusals;

  /**
   * @param noticesLostClients whether the server can be told to look for clients that are gone
   */
  ConnectionPool(
      DatabaseSettings settings,
      boolean noticesLostClients,
      Refusals refusals,
      MeterRegistry registry) {
    this.size = settings.pool().size();
    this.refusals = refusals;
    this.meters = new PoolMeters(registry, settings.applicationName());
    this.connector =
        new Connector(
            settings.endpoint().jdbcUrl(),
            () -> DriverProperties.pooled(settings, noticesLostClients),
            refusals,
            this::opened);
    this.source = new HikariDataSource(configuration(settings));
    meters.watch(source);
  }

  // From here on the watchdog hangs up on a server that does not answer.
  private void opened(Connection connection, long took) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, 0);
    meters.opened(took);
  }

  private HikariConfig configuration(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(settings.applicationName());
    config.setDataSource(connector);
    config.setMaximumPoolSize(settings.pool().size());
    config.setMinimumIdle(settings.pool().size());
    config.setConnectionTimeout(settings.timeouts().connect().plus(SLACK).toMillis());
    config.setValidationTimeout(settings.timeouts().connect().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new EvictReadOnly(() -> pool().softEvictConnections()));
    return config;
  }

  /**
   * Promises a connection, or {@link DatabaseConnectionException} and none.
   *
   * @param holder for whom, for the message
   */
  Connection connection(String holder) {
    try {
      return source.getConnection();
    } catch (SQLException failure) {
      if (failure instanceof SQLTransientConnectionException) {
        meters.timedOut();
      }
      if (failure.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw new DatabaseConnectionException(
            "Interrupted while connecting for " + holder, failure, Verdict.RETRYABLE, true);
      }
      throw new DatabaseConnectionException(
          "No connection for %s: %s".formatted(holder, refusals.reason(failure)),
          failure,
          refusals.judge(failure),
          true);
    }
  }

  /**
   * Promises a connection on which the server has just answered, parting from those on which it
   * does not: after a restart every idle connection is dead.
   */
  Connection answering(String holder) {
    for (int dead = 0; ; dead++) {
      Connection connection = connection(holder);
      if (dead > size || answers(connection)) {
        return connection;
      }
      evict(connection);
    }
  }

  private boolean answers(Connection connection) {
    try {
      return connection.isValid(VALIDATION_SECONDS);
    } catch (SQLException failure) {
      throw new IllegalStateException("a bound of %d s".formatted(VALIDATION_SECONDS), failure);
    }
  }

  /** Notes that the server has answered on this connection until now. */
  void used(Connection connection) throws SQLException {
    if (!connection.isClosed()) {
      lastUses.put(connection.unwrap(PGConnection.class), System.nanoTime());
    }
  }

  /** Promises whether the server may have ended this connection since it was last used. */
  boolean rested(Connection connection) {
    try {
      Long last = lastUses.get(connection.unwrap(PGConnection.class));
      return last == null || System.nanoTime() - last > REST;
    } catch (SQLException closed) {
      return true; // whoever looks finds the same
    }
  }

  /** Promises that the pool parts from this connection, now or when it is given back. */
  void evict(Connection connection) {
    source.evictConnection(connection);
  }

  int active() {
    return pool().getActiveConnections();
  }

  int idle() {
    return pool().getIdleConnections();
  }

  int total() {
    return pool().getTotalConnections();
  }

  int waiting() {
    return pool().getThreadsAwaitingConnection();
  }

  private HikariPoolMXBean pool() {
    return source.getHikariPoolMXBean();
  }

  /** Closes every connection, those in use included. May be called again. */
  @Override
  public void close() {
    source.close();
    connector.close();
  }
}

package dev.ragprocessor.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.PGProperty;

/**
 * Tells whether the database answers: from the last scope when that ended well within a few
 * seconds, else by one connection of its own, so that a busy pool is never mistaken for a dead
 * database. At most one probe runs at a time and its answer serves for a second. Safe for use by
 * many threads.
 */
final class HealthProbe {
  private static final Duration FRESH_SCOPE = Duration.ofSeconds(10);
  private static final Duration FRESH_PROBE = Duration.ofSeconds(1);

  private final int patienceSeconds;
  private final Connector connector;
  private final Refusals refusals;
  private final ReentrantLock probing = new ReentrantLock();
  private volatile long lastGoodScope;
  private volatile boolean anyGoodScope;
  private long lastProbe;
  private Health probed = new Health.Down("it was not asked yet", Verdict.RETRYABLE);
  private boolean anyProbe;

  HealthProbe(DatabaseSettings settings, Refusals refusals) {
    this.patienceSeconds = Math.toIntExact(settings.timeouts().connect().toSeconds());
    this.connector =
        new Connector(
            settings.endpoint().jdbcUrl(), () -> properties(settings), refusals, (_, _) -> {});
    this.refusals = refusals;
  }

  /** Notes that a scope ended well at this {@link System#nanoTime}. */
  void scopeEndedWell(long now) {
    lastGoodScope = now;
    if (!anyGoodScope) {
      anyGoodScope = true;
    }
  }

  /** Notes that a scope lost its connection or could not have one: the next answer is a probe's. */
  void scopeLostConnection() {
    anyGoodScope = false;
  }

  /** Promises an answer within the connect timeout and a little. */
  Health health() {
    if (anyGoodScope && System.nanoTime() - lastGoodScope < FRESH_SCOPE.toNanos()) {
      return new Health.Up();
    }
    probing.lock();
    try {
      if (!anyProbe || System.nanoTime() - lastProbe >= FRESH_PROBE.toNanos()) {
        probed = probe();
        lastProbe = System.nanoTime();
        anyProbe = true;
      }
      return probed;
    } finally {
      probing.unlock();
    }
  }

  private Health probe() {
    try (Connection connection = connector.getConnection()) {
      return connection.isValid(patienceSeconds)
          ? new Health.Up()
          : new Health.Down("it accepted a connection and does not answer", Verdict.RETRYABLE);
    } catch (SQLException failure) {
      Verdict verdict = refusals.judge(failure);
      return verdict == Verdict.SATURATED
          ? new Health.Up()
          : new Health.Down(refusals.reason(failure), verdict);
    }
  }

  private Properties properties(DatabaseSettings settings) {
    Properties properties = DriverProperties.single(settings);
    PGProperty.SOCKET_TIMEOUT.set(properties, patienceSeconds);
    return properties;
  }
}

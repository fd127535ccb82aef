package dev.ragprocessor.fleet;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The server's own count of a database's connections, taken again and again. */
final class Connections implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(50);

  /** Metrics are asked for in every so-manieth sample: that costs more than a count. */
  private static final int EVICTIONS_EVERY = 5;

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Supplier<List<Replica>> replicas;
  private final Connection connection;
  private final Deque<Sample> lastSecond = new ArrayDeque<>();
  private volatile int most;
  private volatile double mostBesideEvicted;
  private final AtomicInteger samples = new AtomicInteger();
  private double evicted;

  /**
   * @param evicted by all processes since they started
   */
  private record Sample(long nanos, double evicted) {}

  /** Promises samples from now on. */
  Connections(String jdbcUrl, Supplier<List<Replica>> replicas) throws SQLException {
    this.replicas = replicas;
    this.connection = DriverManager.getConnection(jdbcUrl);
    Future<?> _ =
        clock.scheduleWithFixedDelay(this::sample, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Promises the highest count. */
  int most() {
    return most;
  }

  /** Promises the highest count, each less what was evicted in the second before it. */
  double mostBesideEvicted() {
    return mostBesideEvicted;
  }

  /** Promises how many counts there were. */
  int samples() {
    return samples.get();
  }

  private void sample() {
    long now = System.nanoTime();
    while (!lastSecond.isEmpty() && now - lastSecond.getFirst().nanos() > 1_000_000_000) {
      lastSecond.removeFirst();
    }
    if (samples.get() % EVICTIONS_EVERY == 0) {
      evicted = replicas.get().stream().mapToDouble(Replica::evicted).sum();
    }
    lastSecond.addLast(new Sample(now, evicted));
    int count = count();
    most = Math.max(most, count);
    double fresh = Math.max(0, evicted - lastSecond.getFirst().evicted());
    mostBesideEvicted = Math.max(mostBesideEvicted, count - fresh);
    samples.incrementAndGet();
  }

  private int count() {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                   AND backend_type = 'client backend'
                """)) {
      row.next();
      return row.getInt(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() throws SQLException {
    clock.shutdownNow();
    connection.close();
  }
}

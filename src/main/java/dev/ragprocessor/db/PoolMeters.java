package dev.ragprocessor.db;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.PoolStats;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The pool's own meters, named as HikariCP's Micrometer tracker names them, so that dashboards for
 * it work. Its two timers of every borrow are not among them: they cost as much as the borrow
 * itself, and {@code db.permit.wait} and {@code db.scope.hold} say the same. Safe for use by many
 * threads.
 */
final class PoolMeters implements MetricsTrackerFactory {
  private static final String NAME = "hikaricp.connections";

  private final MeterRegistry registry;

  PoolMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public IMetricsTracker create(String pool, PoolStats stats) {
    gauge(NAME, "Open connections", pool, stats, PoolStats::getTotalConnections);
    gauge(NAME + ".active", "Connections lent", pool, stats, PoolStats::getActiveConnections);
    gauge(
        NAME + ".idle",
        "Connections open and not lent",
        pool,
        stats,
        PoolStats::getIdleConnections);
    gauge(
        NAME + ".pending", "Threads that wait for one", pool, stats, PoolStats::getPendingThreads);
    gauge(NAME + ".max", "Most connections", pool, stats, PoolStats::getMaxConnections);
    gauge(NAME + ".min", "Fewest idle connections", pool, stats, PoolStats::getMinConnections);
    return new Tracker(
        Timer.builder(NAME + ".creation")
            .description("How long opening a connection took")
            .tag("pool", pool)
            .register(registry),
        Counter.builder(NAME + ".timeout")
            .description("Connections that were waited for in vain")
            .tag("pool", pool)
            .register(registry));
  }

  private void gauge(
      String name, String what, String pool, PoolStats stats, ToDoubleFunction<PoolStats> figure) {
    Gauge.builder(name, stats, figure)
        .description(what)
        .tag("pool", pool)
        .strongReference(true)
        .register(registry);
  }

  /** What happens seldom enough to be counted by the pool. */
  private record Tracker(Timer creation, Counter timeouts) implements IMetricsTracker {
    @Override
    public void recordConnectionCreatedMillis(long millis) {
      creation.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void recordConnectionTimeout() {
      timeouts.increment();
    }
  }
}

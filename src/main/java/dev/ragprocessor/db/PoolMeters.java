package dev.ragprocessor.db;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The pool's own meters, named as HikariCP's Micrometer tracker names them, so that dashboards for
 * it work. Its two timers of every borrow are not among them, and no tracker is given to the pool:
 * for any tracker it reads the clock twice more for every borrow, which costs a quarter of the
 * borrow itself; {@code db.permit.wait} and {@code db.scope.hold} say the same. Safe for use by
 * many threads.
 */
final class PoolMeters {
  private static final String NAME = "hikaricp.connections";

  private final MeterRegistry registry;
  private final String pool;
  private final Timer creation;
  private final Counter timeouts;

  PoolMeters(MeterRegistry registry, String pool) {
    this.registry = registry;
    this.pool = pool;
    this.creation =
        Timer.builder(NAME + ".creation")
            .description("How long opening a connection took")
            .tag("pool", pool)
            .register(registry);
    this.timeouts =
        Counter.builder(NAME + ".timeout")
            .description("Connections that were waited for in vain")
            .tag("pool", pool)
            .register(registry);
  }

  /** Notes that a connection was opened, and how long that took. */
  void opened(long nanos) {
    creation.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Notes that the pool gave no connection in time. */
  void timedOut() {
    timeouts.increment();
  }

  /** Promises gauges of this source, which is open. */
  void watch(HikariDataSource source) {
    gauge(NAME, "Open connections", source, HikariPoolMXBean::getTotalConnections);
    gauge(NAME + ".active", "Connections lent", source, HikariPoolMXBean::getActiveConnections);
    gauge(
        NAME + ".idle",
        "Connections open and not lent",
        source,
        HikariPoolMXBean::getIdleConnections);
    gauge(
        NAME + ".pending",
        "Threads that wait for one",
        source,
        HikariPoolMXBean::getThreadsAwaitingConnection);
    gauge(NAME + ".max", "Most connections", source, _ -> source.getMaximumPoolSize());
    gauge(NAME + ".min", "Fewest idle connections", source, _ -> source.getMinimumIdle());
  }

  private void gauge(
      String name,
      String what,
      HikariDataSource source,
      ToDoubleFunction<HikariPoolMXBean> figure) {
    Gauge.builder(name, source, open -> figure.applyAsDouble(open.getHikariPoolMXBean()))
        .description(what)
        .tag("pool", pool)
        .strongReference(true)
        .register(registry);
  }
}

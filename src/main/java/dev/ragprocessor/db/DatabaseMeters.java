package dev.ragprocessor.db;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The meters; what each one counts stands in its description. Safe for use by many threads. */
final class DatabaseMeters {
  /** From a statement on a local server to the hold limit. */
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final Map<ScopeOutcome, LongAdder> scopes = new EnumMap<>(ScopeOutcome.class);
  private final LongAdder evicted = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder warned = new LongAdder();
  private final LongAdder revoked = new LongAdder();
  private final Timer wait;
  private final Timer hold;

  DatabaseMeters(MeterRegistry registry) {
    for (ScopeOutcome outcome : ScopeOutcome.values()) {
      LongAdder count = new LongAdder();
      scopes.put(outcome, count);
      FunctionCounter.builder("db.scopes", count, LongAdder::sum)
          .description("Outermost scopes that ended")
          .tag("outcome", outcome.tag())
          .register(registry);
    }
    FunctionCounter.builder("db.connections.evicted", evicted, LongAdder::sum)
        .description("Connections that were taken out of the pool by a scope or the watchdog")
        .register(registry);
    FunctionCounter.builder("db.connections.lost", lost, LongAdder::sum)
        .description("Connections that died in a scope's hands")
        .register(registry);
    longHolds(registry, "warned", warned);
    longHolds(registry, "revoked", revoked);
    wait =
        Timer.builder("db.permit.wait")
            .description(
                "How long scopes waited for a permit; those that had one at once are absent")
            .serviceLevelObjectives(BOUNDS)
            .register(registry);
    hold =
        Timer.builder("db.scope.hold")
            .description("How long scopes held a connection, from their first statement on")
            .serviceLevelObjectives(BOUNDS)
            .register(registry);
  }

  private static void longHolds(MeterRegistry registry, String action, LongAdder count) {
    FunctionCounter.builder("db.holds.long", count, LongAdder::sum)
        .description("Scopes held past the warning, or past the limit and without connection since")
        .tag("action", action)
        .register(registry);
  }

  /** Promises gauges of the pool, of its permits and of who has them. */
  void watch(MeterRegistry registry, ConnectionPool pool, Permits permits, Holds holds) {
    Gauge.builder("db.holds.longest", holds, DatabaseMeters::longest)
        .description("How long the scope that holds a connection for the longest time has had it")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("db.pool.active", pool, ConnectionPool::active)
        .description("Connections that a scope holds")
        .register(registry);
    Gauge.builder("db.pool.idle", pool, ConnectionPool::idle)
        .description("Open connections that no scope holds")
        .register(registry);
    Gauge.builder("db.pool.pending", pool, ConnectionPool::waiting)
        .description("Scopes that have a permit and wait for their connection to be opened")
        .register(registry);
    Gauge.builder("db.permits", permits, Permits::inForce)
        .description("Permits: the pool's size, or fewer while the server has no room for it")
        .register(registry);
    Gauge.builder("db.permits.free", permits, Permits::free)
        .description("Permits that no scope has")
        .register(registry);
    Gauge.builder("db.permits.waiters", permits, Permits::waiters)
        .description("Scopes that wait for a permit")
        .register(registry);
  }

  void ended(ScopeOutcome outcome) {
    LongAdder count = scopes.get(outcome);
    if (count != null) {
      count.increment();
    }
  }

  void held(long nanos) {
    hold.record(nanos, TimeUnit.NANOSECONDS);
  }

  void waited(long nanos) {
    wait.record(nanos, TimeUnit.NANOSECONDS);
  }

  private static double longest(Holds holds) {
    Hold hold = holds.longest();
    return hold == null ? 0 : Math.max(0, System.nanoTime() - hold.since()) / 1e9;
  }

  void warned() {
    warned.increment();
  }

  void revoked() {
    revoked.increment();
  }

  void evicted() {
    evicted.increment();
  }

  void lost() {
    lost.increment();
  }
}

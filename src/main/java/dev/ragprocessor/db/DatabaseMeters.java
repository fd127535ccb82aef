package dev.ragprocessor.db;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The pool's meters; what each one counts stands in its description. */
final class DatabaseMeters {
  DatabaseMeters(MeterRegistry registry, ConnectionPool pool, Permits permits) {
    Gauge.builder("db.pool.active", pool, ConnectionPool::active)
        .description("Connections that a scope holds")
        .register(registry);
    Gauge.builder("db.pool.idle", pool, ConnectionPool::idle)
        .description("Open connections that no scope holds")
        .register(registry);
    Gauge.builder("db.pool.pending", pool, ConnectionPool::waiting)
        .description("Scopes that have a permit and wait for their connection to be opened")
        .register(registry);
    Gauge.builder("db.permits.free", permits, Permits::free)
        .description("Permits that no scope has")
        .register(registry);
    Gauge.builder("db.permits.waiters", permits, Permits::waiters)
        .description("Scopes that wait for a permit")
        .register(registry);
  }
}

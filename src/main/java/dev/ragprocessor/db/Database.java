package dev.ragprocessor.db;

import io.helidon.common.mapper.MapperManager;
import io.helidon.dbclient.DbMapperManager;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of connections to one database, reached through {@link Scopes} and nothing else.
 * As scopes of its own, it lends from all permits; {@link #gate} leaves a reserve. Safe for use by
 * many threads; one per process and database.
 */
public final class Database implements Scopes, AutoCloseable {
  private final ConnectionPool pool;
  private final Holds holds;
  private final Permits permits;
  private final Watchdog watchdog;
  private final HealthProbe probe;
  private final PermittedScopes all;
  private final PermittedScopes gated;
  private final Runnable poolEvents = this::recordPool;

  private Database(
      DatabaseSettings settings, MeterRegistry registry, LongSupplier clock, ServerCheck server) {
    PoolSettings size = settings.pool();
    DatabaseMeters meters = new DatabaseMeters(registry);
    holds = new Holds(size.size());
    permits = new Permits(size.size(), size.maxWaiters(), this::picture, meters, null);
    Permits gate =
        new Permits(
            size.size() - size.reserve(), size.maxWaiters(), this::picture, meters, permits);
    Refusals refusals = new Refusals(settings.endpoint(), clock);
    probe = new HealthProbe(settings, refusals);
    pool = new ConnectionPool(settings, server.noticesLostClients(), refusals, registry);
    Shortage shortage = new Shortage(settings, refusals, pool, permits, gate);
    watchdog =
        new Watchdog(
            settings.applicationName(),
            holds,
            shortage,
            size,
            settings.timeouts().socket(),
            meters);
    meters.watch(registry, pool, permits, holds);
    Lender lender =
        new Lender(
            pool,
            holds,
            watchdog,
            meters,
            probe,
            size.permitWait().toNanos(),
            DbMapperManager.create(),
            MapperManager.create());
    all = new PermittedScopes(lender, permits);
    gated = new PermittedScopes(lender, gate);
  }

  /**
   * Promises a database that answers and whose limits were looked at; the pool's connections open
   * in the background.
   *
   * @param meters where its meters are registered
   * @throws DatabaseConnectionException when the server does not answer
   * @throws IllegalStateException when the server does not grant the connections that the budget
   *     asks for and the settings say to refuse
   */
  public static Database open(DatabaseSettings settings, MeterRegistry meters) {
    return open(settings, meters, System::nanoTime);
  }

  /**
   * Promises the same.
   *
   * @param clock as {@link System#nanoTime}, for how long a password may be refused
   */
  static Database open(DatabaseSettings settings, MeterRegistry meters, LongSupplier clock) {
    Database database = new Database(settings, meters, clock, ServerCheck.run(settings));
    database.watchdog.start();
    FlightRecorder.addPeriodicEvent(PoolEvent.class, database.poolEvents);
    return database;
  }

  /**
   * Promises that the caller is in no scope of any database; what takes longer than the database (a
   * bucket, a model) calls it first, because a connection is never held across a network.
   *
   * @param what is about to be done, for the message
   * @throws IllegalStateException inside a scope
   */
  public static void requireOutsideScope(String what) {
    Hold hold = Hold.current();
    if (hold != null) {
      throw new IllegalStateException(
          "%s inside the scope %s: end the scope first, a connection is not held across a network"
              .formatted(what, hold.name()));
    }
  }

  /** Promises scopes that leave a reserve of the permits to others: for bulk work. */
  public Scopes gate() {
    return gated;
  }

  /** Promises whether the database answers, within the connect timeout and a little. */
  public Health health() {
    return probe.health();
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R execute(String name, Work<R, X> work)
      throws X {
    return all.execute(name, work);
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R executeIdempotent(
      String name, Work<R, X> work) throws X {
    return all.executeIdempotent(name, work);
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R inTransaction(
      String name, Work<R, X> work) throws X {
    return all.inTransaction(name, work);
  }

  @Override
  public <R extends @Nullable Object, X extends Exception> R inRepeatableTransaction(
      String name, Work<R, X> work) throws X {
    return all.inRepeatableTransaction(name, work);
  }

  /** Promises how the pool is doing at this moment, in numbers. */
  public PoolState state() {
    return new PoolState(
        permits.size(),
        permits.inForce(),
        permits.free(),
        permits.waiters(),
        pool.active(),
        pool.idle(),
        pool.total());
  }

  private void recordPool() {
    PoolEvent.commit(state());
  }

  private String picture() {
    Hold longest = holds.longest();
    String holder =
        longest == null
            ? "nobody holds one"
            : "the longest hold is %s, for %d ms"
                .formatted(
                    longest.name(),
                    Duration.ofNanos(System.nanoTime() - longest.since()).toMillis());
    int granted = permits.inForce();
    String size =
        granted == permits.size()
            ? "pool of %d".formatted(granted)
            : "pool of %d, of which %d can be opened".formatted(permits.size(), granted);
    return "%s, %d active, %d waiting; %s"
        .formatted(size, pool.active(), permits.waiters(), holder);
  }

  /** Closes every connection, those in use included. May be called again. */
  @Override
  public void close() {
    FlightRecorder.removePeriodicEvent(poolEvents);
    watchdog.close();
    pool.close();
  }
}

package dev.ragprocessor.db;

import io.helidon.common.mapper.MapperManager;
import io.helidon.dbclient.DbMapperManager;

/**
 * What every hold of one database shares.
 *
 * @param pool the connections
 * @param holds who has one
 * @param watchdog takes connections from those who keep them, and tells them the time
 * @param meters counts what happens to holds
 * @param health learns how scopes end
 * @param permitWait how long a hold waits for its permit, in nanoseconds
 * @param rows the database client's mappers, loaded once: loading them takes longer than a query
 * @param values the mappers of single values, loaded once
 */
record Lender(
    ConnectionPool pool,
    Holds holds,
    Watchdog watchdog,
    DatabaseMeters meters,
    HealthProbe health,
    long permitWait,
    DbMapperManager rows,
    MapperManager values) {}

package dev.ragprocessor.db;

/**
 * The pool in numbers, each read by itself while others change.
 *
 * @param size permits and connections there may be
 * @param permits permits there are: the size, or fewer while the server has no room for as many
 *     connections
 * @param freePermits permits nobody has
 * @param waiters scopes that wait for a permit
 * @param active connections lent
 * @param idle connections open and not lent
 * @param total connections open
 */
public record PoolState(
    int size, int permits, int freePermits, int waiters, int active, int idle, int total) {}

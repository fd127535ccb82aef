package dev.ragprocessor.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the promise that a permit means a connection while the server refuses to open as many as
 * the pool wants (row 31): there are as many permits then as there are connections, one at least.
 * Who waits, waits for a permit, in order and not for long; without this they would wait in the
 * pool for what cannot be opened. The pool asks for more by itself, one at a time and after pauses
 * of up to five seconds, and with each connection a permit comes back.
 */
final class Shortage {
  private static final Logger LOG = LoggerFactory.getLogger(Shortage.class);

  private final String server;
  private final int size;
  private final int reserve;
  private final Refusals refusals;
  private final ConnectionPool pool;
  private final Permits permits;
  private final Permits gate;

  Shortage(
      DatabaseSettings settings,
      Refusals refusals,
      ConnectionPool pool,
      Permits permits,
      Permits gate) {
    this.server = settings.endpoint().printable();
    this.size = settings.pool().size();
    this.reserve = settings.pool().reserve();
    this.refusals = refusals;
    this.pool = pool;
    this.permits = permits;
    this.gate = gate;
  }

  /** Promises permits in force that fit the connections now; for the watchdog, which asks often. */
  void adjust() {
    int now = refusals.full() ? Math.clamp(pool.total(), 1, size) : size;
    if (now == size) {
      refusals.satisfied();
    }
    int before = permits.inForce();
    if (now == before) {
      return;
    }
    permits.putInForce(now);
    gate.putInForce(Math.max(1, now - reserve));
    if (now < before) {
      LOG.warn("{} accepts {} of {} connections: as many scopes run at a time", server, now, size);
    } else {
      LOG.info("{} of {} scopes run at a time again", now, size);
    }
  }
}

package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** Pool and permits, now and then. */
@Name("dev.ragprocessor.db.Pool")
@Label("Connection Pool")
@Category({"rag-processor", "Connections"})
@Description("Pool and permits, now and then")
@Period("1 s")
@StackTrace(false)
final class PoolEvent extends Event {
  @Label("Size")
  @Description("Permits, and so connections, that there may be")
  int size;

  @Label("Active")
  @Description("Connections that a scope holds")
  int active;

  @Label("Idle")
  @Description("Open connections that no scope holds")
  int idle;

  @Label("Free Permits")
  int freePermits;

  @Label("Waiters")
  @Description("Scopes that wait for a permit")
  int waiters;

  static void commit(PoolState state) {
    PoolEvent event = new PoolEvent();
    event.size = state.size();
    event.active = state.active();
    event.idle = state.idle();
    event.freePermits = state.freePermits();
    event.waiters = state.waiters();
    event.commit();
  }
}

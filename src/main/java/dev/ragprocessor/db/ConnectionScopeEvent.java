package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** An outermost scope, from asking for a permit to giving it back. */
@Name("dev.ragprocessor.db.ConnectionScope")
@Label("Connection Scope")
@Category({"rag-processor", "Connections"})
@Description("An outermost scope, from asking for a permit to giving it back")
@Threshold("20 ms")
@StackTrace(false)
final class ConnectionScopeEvent extends Event {
  /** Asked whether events of this type are recorded: making one for every scope costs more. */
  private static final ConnectionScopeEvent UNUSED = new ConnectionScopeEvent();

  @Label("Scope")
  String scope = "";

  @Label("Permit Wait")
  @Timespan(Timespan.NANOSECONDS)
  long permitWait;

  @Label("Acquire")
  @Description("From the permit to the connection")
  @Timespan(Timespan.NANOSECONDS)
  long acquire;

  @Label("Hold")
  @Description("From the connection to its return")
  @Timespan(Timespan.NANOSECONDS)
  long hold;

  @Label("Statements")
  int statements;

  @Label("Outcome")
  String outcome = "";

  /** Promises an event that has begun, or null where nobody records it. */
  static @Nullable ConnectionScopeEvent begun() {
    if (!UNUSED.isEnabled()) {
      return null;
    }
    ConnectionScopeEvent event = new ConnectionScopeEvent();
    event.begin();
    return event;
  }

  void end(String name, int executed, ScopeOutcome ended) {
    end();
    if (shouldCommit()) {
      scope = name;
      statements = executed;
      outcome = ended.tag();
      commit();
    }
  }
}

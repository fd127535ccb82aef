package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** An outermost scope, from asking for a permit to giving it back. */
@Name("dev.ragprocessor.db.ConnectionScope")
@Label("Connection Scope")
@Category({"Database", "Connections"})
@Description("An outermost scope, from asking for a permit to giving it back")
@Threshold("20 ms")
@StackTrace(false)
final class ConnectionScopeEvent extends Event {
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
}

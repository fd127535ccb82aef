package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A scope held past the warning or past the limit. */
@Name("dev.ragprocessor.db.HoldLimit")
@Label("Hold Limit")
@Category({"rag-processor", "Connections"})
@Description("A scope held past the warning, or past the limit and without its connection since")
@StackTrace(false)
final class HoldLimitEvent extends Event {
  @Label("Scope")
  String scope = "";

  @Label("Held")
  @Timespan(Timespan.NANOSECONDS)
  long held;

  @Label("Revoked")
  @Description("Whether the connection was taken away")
  boolean revoked;

  @Label("Holder")
  String holder = "";

  @Label("Holder's Stack")
  String holderStack = "";
}

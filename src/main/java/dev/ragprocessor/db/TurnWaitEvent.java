package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A wait for another's statement, which may do the work of the one who waits as well. */
@Name("dev.ragprocessor.db.TurnWait")
@Label("Turn Wait")
@Category({"rag-processor", "Connections"})
@Description("A wait for another's statement, which may do the work of the one who waits as well")
@Threshold("20 ms")
@StackTrace(false)
final class TurnWaitEvent extends Event {
  @Label("Scope")
  String scope = "";

  @Label("Done")
  @Description("Whether the other did the work")
  boolean done;
}

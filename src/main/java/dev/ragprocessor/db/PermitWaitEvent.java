package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A scope that had to wait for its permit. */
@Name("dev.ragprocessor.db.PermitWait")
@Label("Permit Wait")
@Category({"rag-processor", "Connections"})
@Description("A scope that had to wait for its permit")
@Threshold("10 ms")
@StackTrace(false)
final class PermitWaitEvent extends Event {
  @Label("Scope")
  String scope = "";

  @Label("Waiters")
  @Description("Scopes waiting when this one began to, itself included")
  int waiters;

  @Label("Taken")
  boolean taken;
}

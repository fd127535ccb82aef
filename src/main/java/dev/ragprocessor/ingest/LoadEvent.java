package dev.ragprocessor.ingest;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** How many events are at work, now and then. */
@Name("dev.ragprocessor.Load")
@Label("Load")
@Category({"rag-processor", "Deliveries"})
@Description("How many events are at work, now and then")
@Period("1 s")
@StackTrace(false)
final class LoadEvent extends Event {
  @Label("In Flight")
  int inFlight;

  @Label("Limit")
  int limit;
}

package dev.ragprocessor.ingest;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One index over segments, from its statement's beginning to its end. */
@Name("dev.ragprocessor.SegmentBuild")
@Label("Segment Build")
@Category({"rag-processor", "Index"})
@Description("An index over sealed segments was built, or was not")
@StackTrace(false)
final class SegmentBuildEvent extends Event {
  @Label("First Segment")
  long first;

  @Label("Last Segment")
  long last;

  @Label("Rows")
  long rows;

  @Label("Merges")
  @Description("Whether it takes the place of several")
  boolean merges;

  @Label("Built")
  boolean built;
}

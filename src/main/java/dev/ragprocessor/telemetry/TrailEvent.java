package dev.ragprocessor.telemetry;

import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/**
 * A JFR event about a piece of work, related to its other events by the ids of event and job. It
 * has no stack trace: the code that commits it is always the same.
 */
@StackTrace(false)
public abstract class TrailEvent extends Event {
  @Label("Event Id")
  @OfEvent
  protected String eventId = "";

  @Label("Job Id")
  @OfJob
  protected String jobId = "";

  @Label("Object")
  protected String object = "";

  /** Promises that the event is found beside the others of that trail. */
  protected final void follow(Trail trail) {
    eventId = trail.event();
    jobId = trail.job();
    object = trail.object();
  }
}

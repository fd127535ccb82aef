package dev.ragprocessor.ingest;

import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.telemetry.Trail;
import dev.ragprocessor.telemetry.TrailEvent;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A job's new status, once it is stored. */
@Name("dev.ragprocessor.JobTransition")
@Label("Job Transition")
@Category({"rag-processor", "Jobs"})
@Description("A job's new status, once it is stored")
final class JobTransitionEvent extends TrailEvent {
  @Label("Status")
  @Description("The job's status from now on")
  String status = "";

  @Label("Reason")
  @Description("Why the work failed or waits; empty where it does not")
  String reason = "";

  @Label("Delay")
  @Description("How long the job waits for its next attempt")
  @Timespan(Timespan.MILLISECONDS)
  long delay;

  /** Records a transition that needs no reason. */
  static void commit(Trail trail, JobStatus status) {
    commit(trail, status, "", Duration.ZERO);
  }

  /** Records a transition; free where nobody does. */
  static void commit(Trail trail, JobStatus status, String reason, Duration delay) {
    JobTransitionEvent event = new JobTransitionEvent();
    if (event.isEnabled()) {
      event.follow(trail);
      event.status = status.label();
      event.reason = reason;
      event.delay = delay.toMillis();
      event.commit();
    }
  }
}

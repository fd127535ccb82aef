package dev.ragprocessor.ingest;

import dev.ragprocessor.telemetry.Trail;
import dev.ragprocessor.telemetry.TrailEvent;
import jdk.jfr.Category;
import jdk.jfr.Label;
import jdk.jfr.Threshold;

/** A stage of the pipeline; its fields are filled only where somebody records it. */
@Category({"rag-processor", "Pipeline"})
@Threshold("10 ms")
abstract class StageEvent extends TrailEvent {
  /** Its outcome where nothing was thrown. */
  static final String OK = "ok";

  @Label("Outcome")
  protected String outcome = OK;

  /** The stage's name in meters. */
  abstract String stage();

  /** Ends the event; a stage that threw says what. */
  final void failed(Throwable thrown) {
    outcome = thrown.getClass().getSimpleName();
    commitBy(Trail.current());
  }

  final void commitBy(Trail trail) {
    follow(trail);
    commit();
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.telemetry.Trail;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Consumer;

/** Runs the stages of the pipeline, each timed and recorded. Safe for use by many threads. */
final class Stages {
  private final MeterRegistry meters;

  Stages(MeterRegistry meters) {
    this.meters = meters;
  }

  /** What a stage does. */
  @FunctionalInterface
  interface Step<T, X extends Exception> {
    T run() throws X;
  }

  /**
   * Promises what the step makes.
   *
   * @param event not begun
   * @param told writes the result's figures into the event; called only where it is recorded
   */
  <T, X extends Exception> T run(StageEvent event, Step<T, X> step, Consumer<T> told) throws X {
    Timer.Sample sample = Timer.start(meters);
    event.begin();
    try {
      T result = step.run();
      event.end();
      if (event.shouldCommit()) {
        told.accept(result);
        event.commitBy(Trail.current());
      }
      return result;
    } catch (Throwable thrown) {
      event.end();
      if (event.shouldCommit()) {
        event.failed(thrown);
      }
      throw thrown;
    } finally {
      sample.stop(timer(event.stage()));
    }
  }

  private Timer timer(String stage) {
    return Timer.builder("rag.stage")
        .description("Time spent in a stage of the pipeline")
        .tag("stage", stage)
        .publishPercentileHistogram()
        .register(meters);
  }
}

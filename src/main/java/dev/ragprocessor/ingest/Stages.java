package dev.ragprocessor.ingest;

import dev.ragprocessor.telemetry.TraceStep;
import dev.ragprocessor.telemetry.Tracing;
import dev.ragprocessor.telemetry.Trail;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Runs the stages of the pipeline, each timed, recorded and traced. Safe for use by many threads.
 */
final class Stages {
  /** From a cut into chunks to a film that is transcribed. */
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5)
  };

  private final MeterRegistry meters;
  private final Tracing tracing;
  private final Counter fetched;
  // Looking a meter up anew costs more than using it.
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  Stages(MeterRegistry meters, Tracing tracing) {
    this.meters = meters;
    this.tracing = tracing;
    this.fetched =
        Counter.builder("rag.fetched")
            .description("Bytes of objects that were read from their bucket")
            .baseUnit("bytes")
            .register(meters);
  }

  /** Counts what a fetch has brought. */
  void fetched(long bytes) {
    fetched.increment((double) bytes);
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
    TraceStep span = tracing.stage(event.stage(), Trail.current());
    try {
      T result = step.run();
      event.end();
      if (event.shouldCommit()) {
        told.accept(result);
        event.commitBy(Trail.current());
      }
      return result;
    } catch (Throwable thrown) {
      span.failed(thrown.getClass().getSimpleName());
      event.end();
      if (event.shouldCommit()) {
        event.failed(thrown);
      }
      throw thrown;
    } finally {
      span.close();
      sample.stop(timers.computeIfAbsent(event.stage(), this::timer));
    }
  }

  private Timer timer(String stage) {
    return Timer.builder("rag.stage")
        .description("Time spent in a stage of the pipeline")
        .tag("stage", stage)
        .serviceLevelObjectives(BOUNDS)
        .register(meters);
  }
}

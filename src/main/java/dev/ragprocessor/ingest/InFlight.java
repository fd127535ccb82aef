package dev.ragprocessor.ingest;

import dev.ragprocessor.store.Claim;
import dev.ragprocessor.telemetry.TraceStep;
import dev.ragprocessor.telemetry.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events at work in this process: one virtual thread each, and a slot that is held until the
 * event ends, not until its delivery is answered. No thread of an event is ever interrupted. Safe
 * for use by many threads.
 */
final class InFlight {
  private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

  private final int limit;
  private final Tracing tracing;
  private final WorkMeters ended;
  private final Semaphore slots;
  private final Set<EventWork> works = ConcurrentHashMap.newKeySet();

  InFlight(int limit, MeterRegistry meters, Tracing tracing) {
    this.limit = limit;
    this.tracing = tracing;
    this.ended = new WorkMeters(meters);
    this.slots = new Semaphore(limit);
    Gauge.builder("rag.events.in.flight", this, flight -> flight.limit - flight.free())
        .description("Events at work in this process")
        .register(meters);
    Gauge.builder("rag.events.limit", this, flight -> flight.limit)
        .description("Events that may be at work in this process")
        .register(meters);
  }

  /** How many events could be started now. */
  int free() {
    return slots.availablePermits();
  }

  /**
   * Starts the event's thread, if there is a slot for it.
   *
   * @param body does the work and concludes it
   * @return whether it was started
   */
  boolean start(EventWork work, Consumer<EventWork> body) {
    if (!slots.tryAcquire()) {
      return false;
    }
    works.add(work);
    Thread.ofVirtual().name("event").start(() -> work.trail().run(() -> run(work, body)));
    return true;
  }

  private void run(EventWork work, Consumer<EventWork> body) {
    WorkEvent recorded = new WorkEvent();
    recorded.begin();
    TraceStep span = tracing.work(work.trail());
    try {
      body.accept(work);
    } catch (Throwable e) {
      // The thread's edge: an Error ends here, and must not leave its delivery waiting.
      LOG.error("an event ended with an error of this service's own", e);
    } finally {
      Outcome outcome =
          work.conclude(
              () ->
                  new Outcome.NotTaken(
                      new Failure.Retryable("internal error", Duration.ofSeconds(10))));
      try {
        ended.ended(outcome);
        recorded.commit(work, outcome);
        work.recordEnd(outcome);
        EventLine.log(work, outcome);
        if (outcome instanceof Outcome.NotTaken(Failure failure)) {
          span.failed(failure.getClass().getSimpleName());
        }
        span.ended(outcome.getClass().getSimpleName());
      } finally {
        span.close();
        works.remove(work);
        slots.release();
      }
    }
  }

  /** Whether nothing is at work at this moment. */
  boolean isIdle() {
    return free() == limit;
  }

  /** Records how much is at work. */
  void recordLoad() {
    LoadEvent event = new LoadEvent();
    event.limit = limit;
    event.inFlight = limit - free();
    event.commit();
  }

  /** Waits until nothing is at work, at most so long; whether that came to be. */
  boolean awaitIdle(Duration longest) throws InterruptedException {
    if (!slots.tryAcquire(limit, longest.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    slots.release(limit);
    return true;
  }

  /** The claims of what is at work now. */
  Set<Claim> claims() {
    return works.stream()
        .map(EventWork::claim)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }
}

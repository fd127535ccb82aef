package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.telemetry.TraceStep;
import dev.ragprocessor.telemetry.Tracing;
import dev.ragprocessor.telemetry.Trail;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes events: each gets a virtual thread of its own, and the caller waits for its outcome at most
 * the answer budget. When that is spent the work is claimed, which makes it durable, and goes on
 * without the caller. Safe for use by many threads.
 */
public final class Deliveries {
  private static final Duration SATURATED_PAUSE = Duration.ofSeconds(1);

  /** With the usual answer budget, half of Pub/Sub's usual deadline of ten seconds. */
  private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(4);

  private final IngestSettings settings;
  private final Ingestion ingestion;
  private final InFlight inFlight;
  private final Deadlines deadlines;
  private final MeterRegistry meters;
  private final Tracing tracing;
  // Looking a meter up anew costs more than using it.
  private final Map<Ending, Counter> counters = new ConcurrentHashMap<>();
  // A duplicate that comes while the first is at work waits with it, and costs no second embedding.
  private final Map<ObjectId, EventWork> processing = new ConcurrentHashMap<>();

  Deliveries(
      IngestSettings settings,
      Ingestion ingestion,
      InFlight inFlight,
      Deadlines deadlines,
      MeterRegistry meters,
      Tracing tracing) {
    this.settings = settings;
    this.ingestion = ingestion;
    this.inFlight = inFlight;
    this.deadlines = deadlines;
    this.meters = meters;
    this.tracing = tracing;
  }

  /**
   * Promises that the event's effect, or the claim to bring it about, is durable, unless the
   * outcome is {@link Outcome.NotTaken}. It waits for the answer budget and, when that is spent,
   * for one transaction; what is no more than one transaction it waits for at most 8 seconds.
   */
  public Outcome deliver(StorageEvent event) {
    Trail trail = Trail.of(event.id().id(), event.object().object().path());
    DeliveryEvent recorded = new DeliveryEvent();
    recorded.begin();
    Outcome outcome = trail.call(() -> traced(event, trail));
    recorded.commit(trail, event, outcome);
    counters
        .computeIfAbsent(new Ending(event.getClass(), outcome.getClass()), this::counter)
        .increment();
    return outcome;
  }

  private Counter counter(Ending ending) {
    return meters.counter(
        "rag.deliveries",
        "type",
        ending.event().getSimpleName(),
        "outcome",
        ending.outcome().getSimpleName());
  }

  private record Ending(Class<? extends StorageEvent> event, Class<? extends Outcome> outcome) {}

  private Outcome traced(StorageEvent event, Trail trail) {
    try (TraceStep span = tracing.delivery(trail)) {
      Outcome outcome = take(event, trail);
      if (outcome instanceof Outcome.NotTaken(Failure failure)) {
        span.failed(failure.getClass().getSimpleName());
      }
      span.ended(outcome.getClass().getSimpleName());
      return outcome;
    }
  }

  private Outcome take(StorageEvent event, Trail trail) {
    ObjectAttributes object = event.object();
    if (!settings.takes(object.object())) {
      return new Outcome.Ignored("%s is not ours".formatted(object.object().path()));
    }
    return switch (event) {
      case StorageEvent.Finalized finalized -> process(object, trail);
      case StorageEvent.Deleted deleted -> run(trail, work -> ingestion.delete(object, work));
      case StorageEvent.Archived archived -> run(trail, work -> ingestion.delete(object, work));
      case StorageEvent.MetadataUpdated updated ->
          run(trail, work -> ingestion.update(object, work));
    };
  }

  private Outcome process(ObjectAttributes object, Trail trail) {
    EventWork work = EventWork.unclaimed(trail);
    EventWork present =
        processing.compute(
            object.object(), (id, other) -> other == null || other.hasEnded() ? work : other);
    if (present != work) {
      return answer(present, other -> ingestion.claim(object, other));
    }
    boolean started =
        inFlight.start(
            work,
            own -> {
              try {
                ingestion.process(object, own);
              } finally {
                processing.remove(object.object(), own);
              }
            });
    if (!started) {
      processing.remove(object.object(), work);
      return saturated();
    }
    return answer(work, own -> ingestion.claim(object, own));
  }

  // One short transaction has no claim to be answered with: it is waited for as long as any answer
  // may take, whatever the budget, and then the delivery is to be repeated.
  private Outcome run(Trail trail, Consumer<EventWork> body) {
    EventWork work = EventWork.unclaimed(trail);
    if (!inFlight.start(work, body)) {
      return saturated();
    }
    try {
      return work.await(deadlines, IngestSettings.LONGEST_BUDGET).orElseGet(Deliveries::slow);
    } catch (InterruptedException e) {
      return interrupted();
    }
  }

  private Outcome answer(EventWork work, Function<EventWork, Outcome> claiming) {
    try {
      Optional<Outcome> inTime = work.await(deadlines, settings.answerBudget());
      return inTime.isPresent()
          ? inTime.get()
          : work.endedOr(claiming, CLAIM_PATIENCE).orElseGet(Deliveries::slow);
    } catch (InterruptedException e) {
      return interrupted();
    }
  }

  private static Outcome interrupted() {
    Thread.currentThread().interrupt();
    return new Outcome.NotTaken(new Failure.Retryable("shutting down", SATURATED_PAUSE));
  }

  private Outcome saturated() {
    return new Outcome.NotTaken(
        new Failure.Saturated(
            "%d events are in flight, which is the limit".formatted(settings.maxInFlight()),
            // Those who are refused together must not come again together.
            SATURATED_PAUSE.multipliedBy(ThreadLocalRandom.current().nextLong(1, 4))));
  }

  private static Outcome slow() {
    return new Outcome.NotTaken(
        new Failure.Retryable("the database is slow to answer", SATURATED_PAUSE));
  }
}

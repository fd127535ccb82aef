package dev.ragprocessor.embed;

import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.telemetry.ModelCallEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Who asks a remote model when: work in bulk side by side within a bound and at the model's pace,
 * people ahead of it. A request that the model refuses for its quota is sent again when the quota
 * is back, as long as that is within the patience; nothing else is sent twice.
 *
 * <p>Safe for use by many threads.
 */
final class ModelQueue implements AutoCloseable {
  private static final Duration MOST_PATIENCE_OF_PEOPLE = Duration.ofSeconds(5);

  private final GeminiModelSettings settings;
  private final Admission admission;
  private final RequestMeters meters;
  private final Duration patience;
  private final Duration firstPatience;
  private final Lanes lanes;
  private final Lanes firstLanes;
  private volatile boolean proven;

  /**
   * @param timer the name under which requests are timed
   */
  ModelQueue(GeminiModelSettings settings, MeterRegistry registry, String timer) {
    this.settings = settings;
    this.admission = new Admission(settings.model());
    this.meters = new RequestMeters(registry, timer, settings.model());
    this.patience = settings.patience();
    this.firstPatience =
        patience.compareTo(MOST_PATIENCE_OF_PEOPLE) < 0 ? patience : MOST_PATIENCE_OF_PEOPLE;
    int concurrent = settings.maxConcurrentRequests();
    // A lane's turn comes at the latest when the requests before it have timed out.
    this.lanes = new Lanes(concurrent, threads(), patience.plus(settings.timeout()));
    this.firstLanes = new Lanes(Math.max(1, concurrent / 4), threads(), firstPatience);
  }

  /** As {@link Lanes#map}. */
  <T, R> List<R> each(List<T> items, Function<T, R> work) {
    return lanes.map(items, work);
  }

  /** Promises what a person waits for, ahead of all work in bulk and with little patience. */
  <R> R first(Asking asking, Supplier<R> request) {
    Supplier<R> asked =
        () -> {
          long deadline = System.nanoTime() + firstPatience.toNanos();
          return answered(asking, request, deadline, () -> admission.enterFirst(deadline));
        };
    return firstLanes.map(List.of(asked), Supplier::get).getFirst();
  }

  /** Promises the answer to one request of work in bulk. */
  <R> R ask(Asking asking, Supplier<R> request) {
    long deadline = System.nanoTime() + patience.toNanos();
    return answered(asking, request, deadline, () -> admission.enter(deadline));
  }

  /** Whether the model has answered once. */
  boolean proven() {
    return proven;
  }

  @Override
  public void close() {
    firstLanes.close();
    lanes.close();
  }

  private <R> R answered(Asking asking, Supplier<R> request, long deadline, Turn turn) {
    for (int retries = 0; ; retries++) {
      long came = System.nanoTime();
      awaitTurn(turn);
      long sent = System.nanoTime();
      Call call = new Call(settings.model(), asking, retries, sent - came);
      try {
        R answer = request.get();
        admission.accepted();
        proven = true;
        call.ended("ok");
        meters.answered(since(sent));
        return answer;
      } catch (EmbeddingException e) {
        call.ended(e.kind().name().toLowerCase(Locale.ROOT));
        meters.failed(e.kind(), since(sent));
        if (e.kind() != Kind.EXHAUSTED) {
          throw e;
        }
        admission.refused(sent, e.retryAfter());
        if (!admission.opensBefore(deadline)) {
          throw e;
        }
      }
    }
  }

  private static void awaitTurn(Turn turn) {
    try {
      turn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException(
          Kind.UNAVAILABLE, "interrupted while waiting for the model", Duration.ZERO, e);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static ExecutorService threads() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gemini-", 0).factory());
  }

  /** One request as it is recorded. */
  private record Call(String model, Asking asking, int retries, long waited, ModelCallEvent event) {
    Call(String model, Asking asking, int retries, long waited) {
      this(model, asking, retries, waited, new ModelCallEvent());
    }

    void ended(String how) {
      event.ended(
          () ->
              new ModelCallEvent.Request(
                  model, asking.purpose(), asking.inputs(), asking.tokens(), retries),
          waited,
          how);
    }
  }

  /** A wait for the right to send one request. */
  private interface Turn {
    void await() throws InterruptedException;
  }
}

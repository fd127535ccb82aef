package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.Received;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.telemetry.Cause;
import io.helidon.http.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The events of one delivery and what becomes of them.
 *
 * <p>Each event of a batch runs on a virtual thread of its own, and the worst verdict is the
 * batch's answer, with every verdict in the problem. The sender then brings all of them again,
 * which is harmless: an event that is done is acknowledged without work.
 */
final class DeliveredEvents {
  /** Bounds what one delivery can ask for; Eventarc sends one event each. */
  private static final int MAX_BATCH = 100;

  private static final Comparator<Verdict> BY_ANSWER =
      Comparator.comparing(Verdict::answer).thenComparing(Verdict::retryAfter);

  private final Function<StorageEvent, Outcome> deliveries;
  private final Alarm alarm;
  private final EventMetrics metrics;

  /**
   * @param deliveries what is done with an event; blocks for no longer than an answer may take
   */
  DeliveredEvents(Function<StorageEvent, Outcome> deliveries, Alarm alarm, EventMetrics metrics) {
    this.metrics = metrics;
    this.deliveries = deliveries;
    this.alarm = alarm;
  }

  /**
   * Promises a verdict for each, in order.
   *
   * @param traceparent of the delivery; empty when it has none
   * @throws Refusal 413 when there are too many, 503 when the server stops meanwhile
   */
  List<Verdict> deliver(List<Received> received, String traceparent) {
    if (received.size() == 1) {
      return List.of(verdict(received.getFirst(), traceparent));
    }
    if (received.size() > MAX_BATCH) {
      throw Refusal.at(
          Status.REQUEST_ENTITY_TOO_LARGE_413,
          "body",
          "A batch may have at most %d events".formatted(MAX_BATCH));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> running = new ArrayList<>(received.size());
      for (Received one : received) {
        running.add(threads.submit(() -> verdict(one, traceparent)));
      }
      List<Verdict> verdicts = new ArrayList<>(received.size());
      for (Future<Verdict> one : running) {
        verdicts.add(one.get());
      }
      return List.copyOf(verdicts);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.of(Status.SERVICE_UNAVAILABLE_503, "This process is ending");
    } catch (ExecutionException bug) {
      throw new IllegalStateException("A verdict always comes", bug);
    }
  }

  private Verdict verdict(Received received, String traceparent) {
    Verdict verdict = judged(received, traceparent);
    metrics.answered(received, verdict);
    return verdict;
  }

  private Verdict judged(Received received, String traceparent) {
    return switch (received) {
      case Received.Storage(StorageEvent event, String origin) ->
          Cause.of(traceparent, origin).call(() -> verdict(event));
      case Received.Ignored _ -> Verdict.ignored();
      case Received.Malformed malformed -> Verdict.malformed(malformed);
    };
  }

  /** The delivery's edge: nothing that is thrown here may take other events with it. */
  private Verdict verdict(StorageEvent event) {
    try {
      Verdict verdict = Verdict.of(deliveries.apply(event));
      if (verdict.answer() == Verdict.Answer.MISCONFIGURED) {
        alarm.raise(verdict.problem());
      }
      return verdict;
    } catch (RuntimeException bug) {
      return Verdict.bug(Problems.bug("An event failed (" + event.id().id() + ")", bug));
    }
  }

  /** Promises the verdict that decides the answer; an empty batch is done. */
  static Verdict worst(List<Verdict> verdicts) {
    return verdicts.stream().max(BY_ANSWER).orElseGet(Verdict::ignored);
  }

  /** Promises the problem of a delivery: the event's own, or for a batch one with all of them. */
  static Problem problem(List<Verdict> verdicts) {
    Verdict worst = worst(verdicts);
    if (verdicts.size() == 1) {
      return worst.attribute().isEmpty()
          ? Problem.of(worst.answer().status(), worst.problem())
          : Problem.at(worst.answer().status(), worst.attribute(), worst.problem());
    }
    List<Map<String, Object>> each =
        IntStream.range(0, verdicts.size())
            .mapToObj(index -> verdicts.get(index).json(index))
            .toList();
    return new Problem(worst.answer().status(), worst.problem(), Map.of("events", each));
  }
}

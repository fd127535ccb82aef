package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.Received;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what was delivered, by its type and by the status that it alone would be answered. */
final class EventMetrics {
  private final MeterRegistry registry;
  // Looking a meter up anew costs more than using it; types and statuses are few.
  private final Map<Kind, Counter> counters = new ConcurrentHashMap<>();

  EventMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void answered(Received received, Verdict verdict) {
    Kind kind = new Kind(type(received), verdict.answer().status().code());
    counters.computeIfAbsent(kind, this::counter).increment();
  }

  private Counter counter(Kind kind) {
    return Counter.builder("rag.http.events")
        .description("Events delivered, by type and status; a batch has several")
        .tag("type", kind.type())
        .tag("status", String.valueOf(kind.status()))
        .register(registry);
  }

  private record Kind(String type, int status) {}

  /** Of what others write nothing is a label: who knows how many types they know. */
  private static String type(Received received) {
    return switch (received) {
      case Received.Storage storage -> storage.event().getClass().getSimpleName();
      case Received.Ignored _ -> "other";
      case Received.Malformed _ -> "malformed";
    };
  }
}

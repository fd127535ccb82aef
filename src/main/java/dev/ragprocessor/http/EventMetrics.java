package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.Received;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what was delivered, by its type and by the status that it alone would be answered. */
record EventMetrics(MeterRegistry registry) {
  void answered(Received received, Verdict verdict) {
    Counter.builder("rag.http.events")
        .description("Events delivered, by type and status; a batch has several")
        .tag("type", type(received))
        .tag("status", String.valueOf(verdict.answer().status().code()))
        .register(registry)
        .increment();
  }

  /** Of what others write nothing is a label: who knows how many types they know. */
  private static String type(Received received) {
    return switch (received) {
      case Received.Storage storage -> storage.event().getClass().getSimpleName();
      case Received.Ignored _ -> "other";
      case Received.Malformed _ -> "malformed";
    };
  }
}

package dev.ragprocessor.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * What the work on events came to, however often each was delivered. All series are there from the
 * start, so that the first of a kind is seen as an increase. Safe for use by many threads.
 */
final class WorkMeters {
  private final Map<Class<?>, Counter> outcomes = new HashMap<>();
  private final Counter chunks;

  WorkMeters(MeterRegistry meters) {
    for (Class<?> outcome : Outcome.class.getPermittedSubclasses()) {
      outcomes.put(
          outcome,
          Counter.builder("rag.events")
              .description("Pieces of work on an event, or attempts at a job, that ended")
              .tag("outcome", outcome.getSimpleName())
              .register(meters));
    }
    chunks =
        Counter.builder("rag.chunks")
            .description("Chunks of the documents that were stored")
            .register(meters);
  }

  void ended(Outcome outcome) {
    Counter counter = outcomes.get(outcome.getClass());
    if (counter != null) {
      counter.increment();
    }
    if (outcome instanceof Outcome.Processed(java.util.UUID _, int stored, String _)) {
      chunks.increment(stored);
    }
  }
}

package dev.ragprocessor.http;

import dev.ragprocessor.db.PoolState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * How this process is doing at one moment.
 *
 * @param inFlight events at work
 * @param deliveries answered since the process started, by outcome
 */
record LiveSample(Instant at, PoolState pool, long inFlight, Map<String, Long> deliveries) {
  LiveSample {
    deliveries = Map.copyOf(deliveries);
  }

  /** Promises what pool and meters say now; never blocks. */
  static LiveSample of(Instant at, PoolState pool, MeterRegistry meters) {
    Map<String, Long> deliveries = new TreeMap<>();
    for (Counter counter : meters.find("rag.deliveries").counters()) {
      String outcome = String.valueOf(counter.getId().getTag("outcome"));
      deliveries.merge(outcome, Math.round(counter.count()), Long::sum);
    }
    Gauge inFlight = meters.find("rag.events.in.flight").gauge();
    return new LiveSample(
        at, pool, inFlight == null ? 0 : Math.round(inFlight.value()), deliveries);
  }

  /** Promises how many deliveries were answered in all. */
  long answered() {
    return deliveries.values().stream().mapToLong(Long::longValue).sum();
  }
}

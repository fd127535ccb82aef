package dev.ragprocessor.ingest;

import dev.ragprocessor.store.SegmentIndexes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How the segments are, as they were when they were last looked at; no number while the database
 * does not answer. Safe for use by many threads.
 */
final class SegmentMeters {
  private record Seen(SegmentIndexes.State state, long unindexed) {}

  private final MeterRegistry meters;
  private volatile Optional<Seen> seen = Optional.empty();

  SegmentMeters(MeterRegistry meters) {
    this.meters = meters;
    gauge("rag.segments.built", "Segments' indexes", seen -> seen.state().built().size());
    gauge(
        "rag.segments.open.rows",
        "Rows of the open segment, as far as one is full",
        seen -> seen.state().openRows());
    gauge(
        "rag.segments.unindexed.rows",
        "Rows that no index covers, so that each question compares them, to 100,000",
        Seen::unindexed);
    gauge(
        "rag.segments.whole.index",
        "1 while an index over all rows stands in the way of segments",
        seen -> seen.state().whole().isPresent() ? 1 : 0);
    build(false);
    build(true);
  }

  void saw(SegmentIndexes.State state, long unindexed) {
    seen = Optional.of(new Seen(state, unindexed));
  }

  void sawNothing() {
    seen = Optional.empty();
  }

  void built(boolean merges, Duration time) {
    build(merges).record(time);
  }

  private Timer build(boolean merges) {
    return Timer.builder("rag.segments.build")
        .description("How long it took this process to build the index of segments")
        .tag("kind", merges ? "merge" : "first")
        .register(meters);
  }

  private void gauge(String name, String what, ToDoubleFunction<Seen> figure) {
    Gauge.builder(name, () -> seen.map(figure::applyAsDouble).orElse(Double.NaN))
        .description(what)
        .register(meters);
  }
}

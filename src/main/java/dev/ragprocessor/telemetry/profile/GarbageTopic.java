package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/** How long the collector stopped the program, and how full the heap was. */
final class GarbageTopic implements Topic {
  private static final String COLLECTION = "jdk.GarbageCollection";
  private static final String HEAP = "jdk.GCHeapSummary";
  private static final String LOSS = "jdk.DataLoss";
  private static final double MEBI = 1L << 20;

  /** More of the time than this in a hundred, or one pause longer than a fifth of a second. */
  private static final double NOTABLE_SHARE = 2;

  private static final double NOTABLE_PAUSE = 0.2;

  private final Named pauses = new Named();
  private final List<RecordedEvent> heaps = new ArrayList<>();
  private double longest;
  private long bytesLost;

  @Override
  public Set<String> types() {
    return Set.of(COLLECTION, HEAP, LOSS);
  }

  @Override
  public void take(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case COLLECTION -> {
        pauses.add(
            "%s, %s".formatted(event.getString("name"), event.getString("cause")),
            Units.seconds(event.getDuration("sumOfPauses")));
        longest = Math.max(longest, Units.seconds(event.getDuration("longestPause")));
      }
      case HEAP -> heaps.add(event);
      default -> bytesLost += event.getLong("amount");
    }
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    if (bytesLost > 0) {
      found.add(
          Finding.problem(
              "The recording lost %s of events: its figures are too low."
                  .formatted(Units.bytes((double) bytesLost))));
    }
    if (!pauses.isEmpty()) {
      boolean notable =
          pauses.total() * 100 > period.seconds() * NOTABLE_SHARE || longest > NOTABLE_PAUSE;
      found.add(
          new Finding(
              notable,
              "Garbage collection stopped the program %s, for %s in all (%s of the time), %s at longest."
                  .formatted(
                      Units.times(pauses.count(), "time"),
                      Units.time(pauses.total()),
                      Units.share(pauses.total(), period.seconds()),
                      Units.time(longest))));
    }
    return found;
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!pauses.isEmpty()) {
      blocks.add(pauses.table("collection, time stopped", 10));
    }
    if (!heaps.isEmpty()) {
      blocks.add(
          new Block.Plot(
              "Heap in use, before and after collections",
              "MiB",
              List.of(
                  new Curve(
                      "heap",
                      heaps.stream()
                          .map(
                              heap ->
                                  new Curve.Point(
                                      period.second(heap.getStartTime()),
                                      heap.getLong("heapUsed") / MEBI))
                          .toList()))));
    }
    return new Section("Garbage collection", blocks);
  }
}

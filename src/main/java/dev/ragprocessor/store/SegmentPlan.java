package dev.ragprocessor.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is to be done next, so that few segments are without an index and few indexes are to be
 * asked: what is useless goes first, then what has no index gets one, then adjacent segments that
 * together are four times a size get one index in place of theirs, and so do those that deletes
 * have emptied. Sizes are those of full segments, four times that, and so on.
 *
 * @param rows of a full segment
 * @param most rows that are merged into one index: the graph of more does not fit the memory that
 *     it is built in, and would take many times as long
 */
public record SegmentPlan(int rows, long most) {
  /** How many of one size become one of the next. */
  private static final int FAN = 4;

  /** The open segment grows with the table: each build reads all of that once or twice. */
  private static final long PART_OF_TABLE = 1_000;

  /** Graphs of no more full segments than these are soon part of another. */
  private static final int SMALL = FAN * FAN;

  /** As many indexes may wait to be merged while more is being stored than can be built. */
  private static final int MANY = 12;

  /** Beside its vector, what a row takes in a graph that is being built, about. */
  private static final int OVERHEAD = 1_000;

  /** One thing to do. */
  public sealed interface Step {
    /** An index is to be dropped. */
    record Drop(String index) implements Step {}

    /**
     * An index is to be built.
     *
     * @param merges whether the segments have indexes, which it covers
     */
    record Build(Segment segment, boolean merges, HnswOptions options) implements Step {
      /** Whether it is so large a part that the planner should look again who has how much. */
      public boolean isLarge() {
        return merges || options.equals(HnswOptions.DEFAULT);
      }
    }
  }

  /**
   * A plan for vectors of so many dimensions.
   *
   * @param memory in bytes that an index is built in
   */
  public static SegmentPlan of(int rows, long memory, int dimensions, IndexPrecision precision) {
    long bytes =
        switch (precision) {
          case VECTOR -> Float.BYTES;
          case HALFVEC -> Short.BYTES;
        };
    return new SegmentPlan(rows, Math.max(rows, memory / (bytes * dimensions + OVERHEAD)));
  }

  /** The rows with which the open segment is full. */
  public int full(SegmentIndexes.State state) {
    return Math.clamp(state.tableRows() / PART_OF_TABLE, rows, Integer.MAX_VALUE);
  }

  /**
   * Promises the next step; empty when all is done. What has no index goes first, and not too much
   * at once: it is compared row by row until then, and a merge holds it up for long.
   *
   * @param flooded whether so much is being stored that merges have to wait
   * @param counted the rows of a gap, segment by segment
   */
  public Optional<Step> next(
      SegmentIndexes.State state, boolean flooded, Function<Segment, List<Segment>> counted) {
    if (!state.useless().isEmpty()) {
      return Optional.of(new Step.Drop(state.useless().getFirst()));
    }
    for (Segment gap : state.gaps()) {
      List<Segment> inGap = counted.apply(gap);
      if (!inGap.isEmpty()) {
        long atOnce = Math.min(most, (long) SMALL * full(state));
        return Optional.of(build(fill(gap, inGap, atOnce), false));
      }
    }
    if (flooded && state.built().size() <= MANY) {
      return Optional.empty();
    }
    return emptied(state.built()).or(() -> merge(state.built())).map(merged -> build(merged, true));
  }

  /**
   * Promises a merge that saves questions time, and need not be, for when nothing is stored: the
   * largest run of adjacent segments that makes half as much again of the largest of them, so that
   * no row is built again and again for a few new ones. Only where {@link #next} is empty.
   */
  public Optional<Step> atRest(SegmentIndexes.State state) {
    List<Segment> built = state.built();
    Segment merged = null;
    for (int first = 0; first < built.size(); first++) {
      long sum = built.get(first).rows();
      long largest = sum;
      for (int last = first + 1;
          last < built.size()
              && built.get(last - 1).last() + 1 == built.get(last).first()
              && sum + built.get(last).rows() <= most;
          last++) {
        sum += built.get(last).rows();
        largest = Math.max(largest, built.get(last).rows());
        if (2 * sum >= 3 * largest && (merged == null || sum > merged.rows())) {
          merged = new Segment(built.get(first).first(), built.get(last).last(), sum);
        }
      }
    }
    return Optional.ofNullable(merged).map(segment -> build(segment, true));
  }

  private Step build(Segment segment, boolean merges) {
    boolean small = segment.rows() <= (long) SMALL * rows;
    return new Step.Build(segment, merges, small ? HnswOptions.QUICK : HnswOptions.DEFAULT);
  }

  /** As much of a gap as is built at once, and no less than one segment. */
  private static Segment fill(Segment gap, List<Segment> counted, long atOnce) {
    long sum = 0;
    long last = gap.first();
    for (Segment each : counted) {
      if (sum > 0 && sum + each.rows() > atOnce) {
        return new Segment(gap.first(), last, sum);
      }
      sum += each.rows();
      last = each.last();
    }
    return new Segment(gap.first(), gap.last(), sum);
  }

  /**
   * Segments that together are no more than a full one, because their rows have been deleted. Each
   * index costs every stored document some microseconds, whether there is anything in it or not.
   */
  private Optional<Segment> emptied(List<Segment> built) {
    for (List<Segment> run : runs(built, rows)) {
      for (int first = 0; first + 1 < run.size(); first++) {
        long sum = run.get(first).rows();
        int after = first + 1;
        while (after < run.size() && sum + run.get(after).rows() <= rows) {
          sum += run.get(after).rows();
          after++;
        }
        if (after - first > 1) {
          return Optional.of(new Segment(run.get(first).first(), run.get(after - 1).last(), sum));
        }
      }
    }
    return Optional.empty();
  }

  /** The largest merge that is due. */
  private Optional<Segment> merge(List<Segment> built) {
    for (long size = size(most); size > rows; size /= FAN) {
      for (List<Segment> run : runs(built, size)) {
        Optional<Segment> merged = prefix(run, size);
        if (merged.isPresent()) {
          return merged;
        }
      }
    }
    return Optional.empty();
  }

  /** The largest size up to so many rows. */
  private long size(long bound) {
    long size = rows;
    while (size * FAN <= bound) {
      size *= FAN;
    }
    return size;
  }

  /** Adjacent segments that are all below a size. */
  private static List<List<Segment>> runs(List<Segment> built, long size) {
    List<List<Segment>> runs = new ArrayList<>();
    List<Segment> run = new ArrayList<>();
    for (Segment segment : built) {
      boolean adjacent = !run.isEmpty() && run.getLast().last() + 1 == segment.first();
      if (!adjacent || segment.rows() >= size) {
        runs.add(run);
        run = new ArrayList<>();
      }
      if (segment.rows() < size) {
        run.add(segment);
      }
    }
    runs.add(run);
    return runs;
  }

  /** The oldest of a run that fit together, if they make up the size. */
  private Optional<Segment> prefix(List<Segment> run, long size) {
    long sum = 0;
    long largest = 0;
    int count = 0;
    while (count < run.size() && sum + run.get(count).rows() <= most) {
      sum += run.get(count).rows();
      largest = Math.max(largest, run.get(count).rows());
      count++;
    }
    // A merge at least doubles what is built again.
    return sum >= size && 2 * largest <= sum
        ? Optional.of(new Segment(run.getFirst().first(), run.get(count - 1).last(), sum))
        : Optional.empty();
  }
}

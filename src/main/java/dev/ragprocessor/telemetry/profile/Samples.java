package dev.ragprocessor.telemetry.profile;

import java.util.Arrays;
import java.util.List;

/** Durations in seconds, of which percentiles are asked once all are there. Not thread-safe. */
final class Samples {
  /** The headings of {@link #cells}. */
  static final List<String> COLUMNS = List.of("count", "total", "p50", "p95", "p99", "max");

  private double[] values = new double[16];
  private int size;
  private double total;
  private boolean sorted;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
    total += value;
    sorted = false;
  }

  int count() {
    return size;
  }

  double total() {
    return total;
  }

  double max() {
    return percentile(100);
  }

  /** Promises the smallest value that so many in a hundred do not exceed; 0 where there is none. */
  double percentile(double percent) {
    if (size == 0) {
      return 0;
    }
    if (!sorted) {
      Arrays.sort(values, 0, size);
      sorted = true;
    }
    int rank = (int) Math.ceil(percent / 100 * size);
    return values[Math.clamp(rank - 1, 0, size - 1)];
  }

  /** Promises the figures that every table of durations has. */
  List<String> cells() {
    return List.of(
        Units.count(size),
        Units.time(total),
        Units.time(percentile(50)),
        Units.time(percentile(95)),
        Units.time(percentile(99)),
        Units.time(max()));
  }
}

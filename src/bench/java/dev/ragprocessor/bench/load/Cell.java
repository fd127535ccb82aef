package dev.ragprocessor.bench.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one way showed under one load: medians of the rounds.
 *
 * @param way the service, or a way of {@link Direct}
 * @param ofTransaction events a second as a part of those of the bare transaction in the same round
 * @param answers by status, of all rounds; empty without HTTP
 * @param serviceCpuMillis of the service's process for an event; NaN without one
 * @param databaseCpuMillis of the database's backends for an event; NaN where nobody tells
 */
record Cell(
    String way,
    long latencyMillis,
    String index,
    int chunks,
    int connections,
    double eventsPerSecond,
    double chunksPerSecond,
    double ofTransaction,
    double p50Millis,
    double p99Millis,
    Map<Integer, Integer> answers,
    int backends,
    double serviceCpuMillis,
    double databaseCpuMillis,
    double residentMebibytes) {
  private static final List<String> COLUMNS =
      List.of(
          "model",
          "index",
          "chunks",
          "conns",
          "way",
          "events/s",
          "chunks/s",
          "of tx",
          "p50 ms",
          "p99 ms",
          "backends",
          "service cpu",
          "db cpu",
          "MiB",
          "answers");
  private static final String LAYOUT =
      "%5s  %-5s %6s %5s  %-11s %9s %9s %6s %8s %8s %8s %11s %7s %5s  %s";

  /** Promises the table's first line; CPU is in milliseconds for an event. */
  static String heading() {
    return LAYOUT.formatted(COLUMNS.toArray());
  }

  /** Promises a line of the table. */
  String line() {
    return LAYOUT.formatted(
        latencyMillis + "ms",
        index,
        chunks,
        connections,
        way,
        number("%.1f", eventsPerSecond),
        number("%.0f", chunksPerSecond),
        number("%.2f", ofTransaction),
        number("%.1f", p50Millis),
        number("%.1f", p99Millis),
        backends,
        number("%.2f", serviceCpuMillis),
        number("%.2f", databaseCpuMillis),
        number("%.0f", residentMebibytes),
        answers.isEmpty() ? "-" : answers);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}

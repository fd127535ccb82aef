package dev.ragprocessor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code /metrics} showed at a moment, read as Prometheus reads it. */
record Scraped(List<Series> series) {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** One line. */
  record Series(String name, Map<String, String> labels, double value) {}

  static Scraped of(Running running) {
    return new Scraped(
        running
            .admin("/metrics")
            .body()
            .lines()
            .filter(line -> !line.startsWith("#") && !line.isBlank())
            .map(Scraped::series)
            .toList());
  }

  private static Series series(String line) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    Map<String, String> labels = new HashMap<>();
    if (sample.group(2) != null) {
      LABEL
          .matcher(sample.group(2))
          .results()
          .forEach(one -> labels.put(one.group(1), one.group(2)));
    }
    String value = sample.group(3).replace("Inf", "Infinity");
    return new Series(sample.group(1), Map.copyOf(labels), Double.parseDouble(value));
  }

  Stream<Series> named(String name) {
    return series.stream().filter(one -> one.name().equals(name));
  }

  /** Promises the sum over all series of that name that have these labels. */
  double sum(String name, Map<String, String> labels) {
    return named(name)
        .filter(one -> one.labels().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(Series::value)
        .sum();
  }

  /** Promises what can be told apart among the series whose names begin like this. */
  Set<String> identities(String... beginnings) {
    return series.stream()
        .filter(one -> List.of(beginnings).stream().anyMatch(one.name()::startsWith))
        .map(one -> one.name() + new java.util.TreeMap<>(one.labels()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.Stream;

/** Durations by a name. Not thread-safe. */
final class Named {
  private final Map<String, Samples> samples = new LinkedHashMap<>();

  void add(String name, double seconds) {
    samples.computeIfAbsent(name, _ -> new Samples()).add(seconds);
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  double total() {
    return samples.values().stream().mapToDouble(Samples::total).sum();
  }

  long count() {
    return samples.values().stream().mapToLong(Samples::count).sum();
  }

  /** Promises those with the most time first. */
  Stream<Entry<String, Samples>> byTotal() {
    return samples.entrySet().stream()
        .sorted(
            Comparator.comparingDouble((Entry<String, Samples> one) -> -one.getValue().total()));
  }

  Optional<Entry<String, Samples>> largest() {
    return byTotal().findFirst();
  }

  /** Promises a table of the first so many. */
  Block.Table table(String heading, int most) {
    List<String> columns = new ArrayList<>(List.of(heading));
    columns.addAll(Samples.COLUMNS);
    return new Block.Table(
        columns,
        byTotal()
            .limit(most)
            .map(
                one -> {
                  List<String> row = new ArrayList<>(List.of(one.getKey()));
                  row.addAll(one.getValue().cells());
                  return List.copyOf(row);
                })
            .toList());
  }
}

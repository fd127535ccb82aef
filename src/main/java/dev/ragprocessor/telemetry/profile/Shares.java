package dev.ragprocessor.telemetry.profile;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** Amounts by a name. Not thread-safe. */
final class Shares {
  private final Map<String, Double> amounts = new HashMap<>();
  private double total;

  void add(String name, double amount) {
    amounts.merge(name, amount, Double::sum);
    total += amount;
  }

  boolean isEmpty() {
    return amounts.isEmpty();
  }

  double total() {
    return total;
  }

  Stream<Entry<String, Double>> largest() {
    return amounts.entrySet().stream().sorted(Comparator.comparingDouble(one -> -one.getValue()));
  }

  Block.Table table(String heading, String figure, int most, DoubleFunction<String> text) {
    return new Block.Table(
        List.of(heading, figure, "share"),
        largest()
            .limit(most)
            .map(
                one ->
                    List.of(
                        one.getKey(),
                        text.apply(one.getValue()),
                        Units.share(one.getValue(), total)))
            .toList());
  }
}

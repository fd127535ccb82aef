package dev.ragprocessor.image;

import dev.ragprocessor.testing.TestDatabases;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Measures how long the program takes from its process' start to its first event with 204, and what
 * processors' time and memory that takes, and what memory it has at most under load: with one set
 * of options of Java and another, in turns, so that whatever else the machine does is shared by
 * all.
 */
final class StartTimes {
  private static final int AT_ONCE = 16;
  private static final int DELIVERIES = 200;

  /** Where the options go in the command. */
  private static final String OPTIONS = "@options";

  /** What one start showed. */
  private record Sample(Duration first, Duration processor, long rest, long load) {}

  private StartTimes() {}

  /**
   * Measures, and prints one line for each set of options.
   *
   * @param arguments the directory with files, how many rounds, the sets of options (each one
   *     argument, its options separated by spaces), {@code --}, and the command, in which {@value
   *     #OPTIONS} stands for a set
   */
  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    int dashes = all.indexOf("--");
    List<String> sets = all.subList(2, dashes);
    List<String> command = all.subList(dashes + 1, all.size());
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    String database = TestDatabases.create();
    try (Traffic traffic = new Traffic(Path.of(all.getFirst()))) {
      Served.migrate(with(sets.getFirst(), command), traffic, database);
      for (int round = 0; round < Integer.parseInt(all.get(1)); round++) {
        for (String set : sets) {
          samples
              .computeIfAbsent(set, _ -> new ArrayList<>())
              .add(sample(with(set, command), traffic, TestDatabases.copy(database)));
        }
      }
    }
    tell(samples);
  }

  private static List<String> with(String set, List<String> command) {
    return command.stream()
        .flatMap(
            word ->
                word.equals(OPTIONS)
                    ? Arrays.stream(set.split(" ")).filter(option -> !option.isBlank())
                    : Stream.of(word))
        .toList();
  }

  private static Sample sample(List<String> command, Traffic traffic, String database)
      throws Exception {
    String name = traffic.names().getFirst();
    long begun = System.nanoTime();
    try (Served served = Served.start(command, traffic, database)) {
      traffic.deliver(served.service(), name);
      Duration first = Duration.ofNanos(System.nanoTime() - begun);
      Duration processor = served.processorTime();
      long rest = served.residentMebibytes();
      traffic.everything(served.service(), served.admin());
      long load = load(served, traffic);
      served.end();
      return new Sample(first, processor, rest, load);
    }
  }

  private static long load(Served served, Traffic traffic) throws Exception {
    URI service = served.service();
    List<Future<?>> deliveries = new ArrayList<>();
    long most = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < DELIVERIES; i++) {
        String name = traffic.names().get(i % traffic.names().size());
        deliveries.add(
            threads.submit(
                () -> {
                  traffic.overwrite(name);
                  traffic.deliver(service, name);
                  return name;
                }));
      }
      for (Future<?> delivery : deliveries) {
        delivery.get();
        most = Math.max(most, served.residentMebibytes());
      }
    }
    return most;
  }

  private static void tell(Map<String, List<Sample>> samples) {
    List<Sample> other = samples.values().iterator().next();
    double base = median(other.stream().map(StartTimes::millis));
    double cost = median(other.stream().map(StartTimes::processorMillis));
    System.out.printf(
        "%-60s %9s %6s %6s %9s %9s%n", "options", "first 204", "ratio", "cpu", "at rest", "load");
    samples.forEach(
        (set, taken) -> {
          double first = median(taken.stream().map(StartTimes::millis));
          System.out.printf(
              "%-60s %6.0f ms %6.2f %6.2f %5.0f MiB %5.0f MiB%n",
              set,
              first,
              first / base,
              median(taken.stream().map(StartTimes::processorMillis)) / cost,
              median(taken.stream().map(sample -> (double) sample.rest())),
              median(taken.stream().map(sample -> (double) sample.load())));
        });
  }

  private static double millis(Sample sample) {
    return sample.first().toMillis();
  }

  private static double processorMillis(Sample sample) {
    return sample.processor().toMillis();
  }

  private static double median(Stream<Double> values) {
    List<Double> sorted = new ArrayList<>(values.toList());
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}

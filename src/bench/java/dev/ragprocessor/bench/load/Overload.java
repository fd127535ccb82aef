package dev.ragprocessor.bench.load;

import dev.ragprocessor.bench.load.Load.Answers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * More and more senders at a service with the limits that it has by default: those that are refused
 * come again when the answer asks them to, or after a tenth of a second.
 */
final class Overload {
  private static final List<Integer> CONNECTIONS = List.of(2, 4, 8, 16, 32, 64, 128, 256, 512);
  private static final Duration IMPATIENCE = Duration.ofMillis(100);

  /** The JIT compiler needs as long on two cores, which it shares with the work. */
  private static final Duration WARM_UP = Duration.ofSeconds(60);

  // Long enough for what hundreds of new connections cost to be a small part.
  private static final Duration TIME = Duration.ofSeconds(6);
  private static final int ROUNDS = 3;

  private Overload() {}

  /**
   * What so many connections got: medians of the rounds, answers of all.
   *
   * @param goodput events a second whose effect was durable by their answer
   * @param refused part of the answers
   */
  record Point(
      int connections,
      double goodput,
      double refused,
      double p50Millis,
      double p99Millis,
      Map<Integer, Integer> answers) {}

  /** A point for each number of connections, of senders of either sort. */
  record Curves(List<Point> patient, List<Point> impatient) {}

  /** Promises what both sorts got, in the same rounds. */
  static Curves measure(Load load, Target target) throws Exception {
    target.prepare(Target.Index.NONE);
    load.run(CONNECTIONS.getLast(), 1, WARM_UP, asked -> asked);
    Map<Integer, List<Answers>> patient = new TreeMap<>();
    Map<Integer, List<Answers>> impatient = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int connections : CONNECTIONS) {
        sample(load, target, connections, asked -> asked, patient);
        sample(load, target, connections, _ -> IMPATIENCE, impatient);
      }
    }
    return new Curves(points(patient), points(impatient));
  }

  private static void sample(
      Load load,
      Target target,
      int connections,
      UnaryOperator<Duration> pause,
      Map<Integer, List<Answers>> samples)
      throws Exception {
    target.prepare(Target.Index.NONE);
    samples
        .computeIfAbsent(connections, _ -> new ArrayList<>())
        .add(load.run(connections, 1, TIME, pause));
  }

  private static List<Point> points(Map<Integer, List<Answers>> samples) {
    List<Point> points = new ArrayList<>();
    samples.forEach((connections, answers) -> points.add(point(connections, answers)));
    return points;
  }

  private static Point point(int connections, List<Answers> samples) {
    Map<Integer, Integer> answers = new TreeMap<>();
    for (Answers sample : samples) {
      sample.statuses().forEach((status, count) -> answers.merge(status, count, Integer::sum));
    }
    double all = answers.values().stream().mapToInt(Integer::intValue).sum();
    return new Point(
        connections,
        median(samples.stream().map(one -> one.done() / (one.took().toNanos() / 1e9)).toList()),
        answers.getOrDefault(429, 0) / all,
        median(samples.stream().map(Answers::p50Millis).toList()),
        median(samples.stream().map(Answers::p99Millis).toList()),
        answers);
  }

  private static double median(List<Double> odd) {
    return odd.stream().sorted(Comparator.naturalOrder()).toList().get(odd.size() / 2);
  }
}

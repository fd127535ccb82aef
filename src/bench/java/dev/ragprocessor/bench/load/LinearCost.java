package dev.ragprocessor.bench.load;

import dev.ragprocessor.bench.load.Load.Answers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Whether a chunk of a long document costs what one of a short document does. */
final class LinearCost {
  private static final int CONNECTIONS = 8;
  private static final int SHORT = 20;
  private static final int LONG = 200;
  private static final int ROUNDS = 12;

  /** With each size; see {@link Overload}. */
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private static final Duration TIME = Duration.ofSeconds(2);

  /** Student's t for 95 % on both sides and 11 degrees of freedom. */
  private static final double T = 2.201;

  private final ServiceProcess service;
  private final String application;
  private final Target target;
  private final Load load;

  LinearCost(ServiceProcess service, String application, Target target, Load load) {
    this.service = service;
    this.application = application;
    this.target = target;
    this.load = load;
  }

  /**
   * CPU of a chunk in a document of 200, of service and database together, by that in one of 20.
   *
   * @param from where the interval begins that holds the mean with a probability of 95 %
   */
  record Result(double mean, double from, double to, List<Double> rounds) {}

  /** Promises the ratios of rounds that visit both sizes. */
  Result measure() throws Exception {
    target.prepare(Target.Index.NONE);
    load.run(CONNECTIONS, SHORT, WARM_UP);
    load.run(CONNECTIONS, LONG, WARM_UP);
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double ofShort = millisOfChunk(SHORT);
      ratios[round] = millisOfChunk(LONG) / ofShort;
    }
    double mean = Arrays.stream(ratios).average().orElseThrow();
    double variance =
        Arrays.stream(ratios).map(one -> (one - mean) * (one - mean)).sum() / (ROUNDS - 1);
    double half = T * Math.sqrt(variance / ROUNDS);
    return new Result(mean, mean - half, mean + half, Arrays.stream(ratios).boxed().toList());
  }

  private double millisOfChunk(int chunks) throws Exception {
    target.prepare(Target.Index.NONE);
    Map<Long, Double> before = target.backends(application);
    double used = -Usage.cpuMillis(service.pid());
    Answers answers = load.run(CONNECTIONS, chunks, TIME);
    used += Usage.cpuMillis(service.pid());
    for (Map.Entry<Long, Double> backend : target.backends(application).entrySet()) {
      used += backend.getValue() - before.getOrDefault(backend.getKey(), 0.0);
    }
    if (answers.statuses().size() != 1 || !answers.statuses().containsKey(204)) {
      throw new IllegalStateException("not all was stored in time: " + answers.statuses());
    }
    return used / target.chunks();
  }
}

package dev.ragprocessor.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.ragprocessor.telemetry.recording.RecordingSettings;
import dev.ragprocessor.telemetry.recording.Recordings;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

/**
 * What a recording that always runs costs: the processor time of one event, from its delivery to
 * its vectors in the database, with a recording and without one. The model is the stub, so that
 * nothing hides the cost; the database's own time is not counted. Rounds with and without alternate
 * in one process, each pair in an order of its own, and what is told is the ratio of the pairs with
 * its confidence interval. {@code mvn -Pbench -Dbench=RecordingCost}, with {@code -Dbench.rounds}
 * and {@code -Dbench.events} for a look.
 */
public final class RecordingCost {
  private static final double TARGET = 1.05;
  private static final int RESAMPLES = 20_000;
  private static final int WARM_UP = 4;

  private RecordingCost() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    int rounds = Integer.getInteger("bench.rounds", 15);
    int events = Integer.getInteger("bench.events", 600);
    if (rounds < 9) {
      throw new IllegalArgumentException("bench.rounds must be 9 or more: " + rounds);
    }
    try (IngestLoad load = IngestLoad.open()) {
      for (int round = 0; round < WARM_UP; round++) {
        cost(load, events, round % 2 == 0);
      }
      Random order = new Random(42);
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        boolean first = order.nextBoolean();
        double one = cost(load, events, first);
        double other = cost(load, events, !first);
        ratios[round] = first ? one / other : other / one;
        System.out.printf("round %2d: %.3f%n", round + 1, ratios[round]);
      }
      tell(ratios);
    }
  }

  /** Promises the nanoseconds of processor time that an event took. */
  private static double cost(IngestLoad load, int events, boolean recorded) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    try (Recordings recordings = new Recordings(RecordingSettings.DEFAULT)) {
      if (recorded && recordings.start(recordings.maxDuration()).isEmpty()) {
        throw new IllegalStateException("the recording did not start");
      }
      // Starting and ending one changes code, which is compiled anew: that is not what one costs
      // that always runs. So either way half a round goes by first.
      load.deliver(events / 2);
      long before = system.getProcessCpuTime();
      load.deliver(events);
      return (system.getProcessCpuTime() - before) / (double) events;
    }
  }

  private static void tell(double[] ratios) {
    double[] means = new double[RESAMPLES];
    Random random = new Random(7);
    for (int sample = 0; sample < RESAMPLES; sample++) {
      double sum = 0;
      for (int pick = 0; pick < ratios.length; pick++) {
        sum += Math.log(ratios[random.nextInt(ratios.length)]);
      }
      means[sample] = Math.exp(sum / ratios.length);
    }
    Arrays.sort(means);
    double mean = Math.exp(Arrays.stream(ratios).map(Math::log).average().orElse(0));
    double low = means[(int) (RESAMPLES * 0.025)];
    double high = means[(int) (RESAMPLES * 0.975)];
    System.out.printf(
        "%nprocessor time of an event, with a recording to without: %.3f (95 %%: %.3f to %.3f), %d"
            + " pairs; the upper end is to be at most %.2f%n",
        mean, low, high, ratios.length, TARGET);
  }
}

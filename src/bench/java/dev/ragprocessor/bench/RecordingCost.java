package dev.ragprocessor.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * What a recording that always runs costs: the processor time of one event, from its delivery to
 * its vectors in the database, with a recording and without. The model is the stub, so that nothing
 * hides the cost; the database's own time is not counted, nor that of starting the recording. Each
 * round is a process of its own; what is told is the mean ratio of the rounds with its confidence
 * interval. {@code mvn -Pbench -Dbench=RecordingCost}, with {@code -Dbench.rounds} and {@code
 * -Dbench.events} for a look.
 */
public final class RecordingCost {
  private static final double TARGET = 1.05;
  private static final int RESAMPLES = 20_000;

  private RecordingCost() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.getInteger("bench.rounds", 9);
    int events = Integer.getInteger("bench.events", 9_600);
    if (rounds < 9) {
      throw new IllegalArgumentException("bench.rounds must be 9 or more: " + rounds);
    }
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      ratios[round] = RecordingRound.run(events, round);
      System.out.printf("round %2d: %.3f%n", round + 1, ratios[round]);
    }
    tell(ratios);
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
            + " rounds; the upper end is to be at most %.2f%n",
        mean, low, high, ratios.length, TARGET);
  }
}

package dev.ragprocessor.bench.load;

import dev.ragprocessor.bench.load.Target.Index;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured, and for how long.
 *
 * @param latencies of the model
 * @param chunks sizes of documents
 * @param connections of the load
 * @param rounds of which the median is told
 * @param time for one sample, without what is then still in flight
 * @param warmUp for each size of document
 */
record Plan(
    List<Duration> latencies,
    List<Integer> chunks,
    List<Integer> connections,
    int rounds,
    Duration time,
    Duration warmUp) {

  /** With the index a chunk takes milliseconds, and all that is in flight is waited for. */
  private static final int MOST_INDEXED = 1_280;

  /** About half an hour on two cores. */
  static Plan full() {
    return new Plan(
        List.of(Duration.ZERO, Duration.ofMillis(20)),
        List.of(1, 20, 200),
        List.of(8, 64, 512),
        3,
        Duration.ofMillis(1_500),
        Duration.ofSeconds(25));
  }

  /** Some minutes. */
  static Plan quick() {
    return new Plan(
        List.of(Duration.ZERO),
        List.of(1, 20, 200),
        List.of(8, 64),
        2,
        Duration.ofSeconds(1),
        Duration.ofSeconds(4));
  }

  /** Promises what is measured with a model of this latency. */
  List<Load> loads(Duration latency) {
    List<Load> loads = new ArrayList<>();
    for (Index index : Index.values()) {
      for (int size : chunks) {
        for (int count : connections) {
          if (index == Index.NONE || (latency.isZero() && size * count <= MOST_INDEXED)) {
            loads.add(new Load(index, size, count));
          }
        }
      }
    }
    return loads;
  }

  /**
   * One kind of load.
   *
   * @param chunks of each document
   */
  record Load(Index index, int chunks, int connections) {}
}

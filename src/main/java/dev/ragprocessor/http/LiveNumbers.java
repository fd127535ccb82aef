package dev.ragprocessor.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The process' numbers of the last minutes, read once a second for everybody who looks. Safe for
 * any number of threads.
 */
final class LiveNumbers {
  /** Ten minutes. */
  private static final int KEPT = 600;

  private final Supplier<LiveSample> source;
  private final Deque<LiveSample> samples = new ArrayDeque<>(KEPT);

  LiveNumbers(Supplier<LiveSample> source) {
    this.source = source;
  }

  /** Reads the numbers of this moment. */
  void sample() {
    LiveSample sample = source.get();
    synchronized (samples) {
      if (samples.size() == KEPT) {
        samples.removeFirst();
      }
      samples.addLast(sample);
    }
  }

  /** Promises the newest numbers. */
  LiveSample newest() {
    synchronized (samples) {
      LiveSample newest = samples.peekLast();
      if (newest != null) {
        return newest;
      }
    }
    return source.get();
  }

  /** Promises all that are kept, the oldest first. */
  List<LiveSample> history() {
    synchronized (samples) {
      return new ArrayList<>(samples);
    }
  }
}

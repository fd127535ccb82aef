package dev.ragprocessor.bucket;

import java.net.URI;
import java.time.Duration;

/**
 * How changes of a directory are told.
 *
 * @param door where the events are posted, for example {@code http://127.0.0.1:8080/}
 * @param settle a change counts when size and time were still for so long; above 0
 * @param rescan everything is compared again after so long, for what no notification tells (network
 *     file systems, too many folders); above 0
 * @param concurrency how many events are on their way at most, 1 or more
 * @param answerTimeout for the answer to one event; above 0
 * @param firstRetry the wait after a first refusal; it doubles up to {@code lastRetry}
 * @param lastRetry the longest wait between two deliveries of an event
 */
public record WatcherSettings(
    URI door,
    Duration settle,
    Duration rescan,
    int concurrency,
    Duration answerTimeout,
    Duration firstRetry,
    Duration lastRetry) {
  public WatcherSettings {
    positive("settle", settle);
    positive("rescan", rescan);
    positive("answer-timeout", answerTimeout);
    positive("first-retry", firstRetry);
    positive("last-retry", lastRetry);
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be 1 or more: " + concurrency);
    }
  }

  /** Promises the defaults: 300 ms, 1 min, 4 at a time, 30 s, and retries from 0.5 s to 30 s. */
  public static WatcherSettings to(URI door) {
    return new WatcherSettings(
        door,
        Duration.ofMillis(300),
        Duration.ofMinutes(1),
        4,
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30));
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be greater than 0");
    }
  }
}

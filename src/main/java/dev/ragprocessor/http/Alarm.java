package dev.ragprocessor.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;

/**
 * Says what somebody must act on once in a while, however often it happens: every event of a wrong
 * deployment would say the same. Safe for any number of threads.
 */
final class Alarm {
  private final Logger log;
  private final Duration silence;
  private final InstantSource clock;
  private final AtomicReference<Instant> next = new AtomicReference<>(Instant.MIN);
  private final AtomicLong unsaid = new AtomicLong();

  Alarm(Logger log, Duration silence, InstantSource clock) {
    this.log = log;
    this.silence = silence;
    this.clock = clock;
  }

  /** Logs an ERROR, or counts it until the next may be logged. */
  void raise(String reason) {
    Instant now = clock.instant();
    Instant due = next.get();
    if (!now.isBefore(due) && next.compareAndSet(due, now.plus(silence))) {
      log.error(
          "This deployment is misconfigured and does not work: {} ({} more since the last such"
              + " line)",
          reason,
          unsaid.getAndSet(0));
    } else {
      unsaid.incrementAndGet();
    }
  }
}

package dev.ragprocessor.telemetry.profile;

import java.time.Duration;
import java.time.Instant;

/** The time from a recording's first event to its last. */
record Period(Instant from, Instant to) {
  double seconds() {
    return Math.max(1e-3, second(to));
  }

  /** Promises how many seconds after the begin that was. */
  double second(Instant moment) {
    return Duration.between(from, moment).toNanos() / 1e9;
  }
}

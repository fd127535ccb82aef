package dev.ragprocessor.bucket;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** The header {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
  /** No answer makes us wait longer than this. */
  static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /** Promises what was asked, between zero and {@link #LONGEST}; zero when it cannot be read. */
  static Duration of(HttpHeaders headers, Clock clock) {
    return headers
        .firstValue("retry-after")
        .map(value -> bounded(parse(value.strip(), clock)))
        .orElse(Duration.ZERO);
  }

  private static Duration parse(String value, Clock clock) {
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Duration.between(clock.instant(), date);
    } catch (DateTimeParseException e) {
      // A header that says nothing is the same as none.
      return Duration.ZERO;
    }
  }

  private static Duration bounded(Duration asked) {
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}

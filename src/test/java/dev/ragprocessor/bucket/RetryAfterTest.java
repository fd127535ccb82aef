package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server may write into Retry-After. */
class RetryAfterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T10:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0                             | PT0S",
        "17                            | PT17S",
        "999999999                     | PT1H",
        "99999999999999999999          | PT0S",
        "-1                            | PT0S",
        "soon                          | PT0S",
        "Mon, 23 Nov 2026 10:00:30 GMT | PT30S",
        "Mon, 23 Nov 2026 09:00:00 GMT | PT0S",
        "Tue, 24 Nov 2026 10:00:00 GMT | PT1H",
      })
  void seconds_or_a_date_are_understood_and_bounded(String value, Duration expected) {
    HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(value)), (a, b) -> true);
    assertThat(RetryAfter.of(headers, CLOCK)).isEqualTo(expected);
  }
}

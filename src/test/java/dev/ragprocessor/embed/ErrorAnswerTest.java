package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorAnswerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "17s, 17000",
    "0.5s, 500",
    "1.234567891s, 1235",
    "0s, 0",
    "-5s, 0",
    "soon, 0",
    "'', 0",
    "999999999s, 604800000"
  })
  void reads_retry_info(String delay, long millis) {
    assertThat(read("retryDelay", delay)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "9, 9",
    "0, 0",
    "'Mon, 23 Nov 2026 20:01:00 GMT', 60",
    "'Mon, 23 Nov 2026 19:59:00 GMT', 0",
    "later, 0",
    "-3, 0",
    "99999999999999, 0"
  })
  void reads_the_header(String header, long seconds) {
    assertThat(ErrorAnswer.read("", header, NOW).retryAfter())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void takes_the_longer_of_header_and_body() {
    String body =
        """
        {"error":{"details":[
          {"@type":"type.googleapis.com/google.rpc.Help"},
          {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}""";
    assertThat(ErrorAnswer.read(body, "5", NOW).retryAfter()).isEqualTo(Duration.ofSeconds(30));
    assertThat(ErrorAnswer.read(body, "50", NOW).retryAfter()).isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void waits_for_midnight_in_california_when_the_day_is_used_up() {
    String body =
        """
        [{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure",
          "violations":[{"quotaId":"EmbedContentRequestsPerDayPerProjectPerModel"}]}]}}]""";
    // 20:00 UTC is noon there.
    assertThat(ErrorAnswer.read(body, null, NOW).retryAfter()).isEqualTo(Duration.ofHours(12));
    assertThat(ErrorAnswer.read(body.replace("PerDay", "PerMinute"), null, NOW).retryAfter())
        .isZero();
  }

  @Test
  void reads_the_reasons() {
    String body =
        """
        {"error":{"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",
          "reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}""";
    assertThat(ErrorAnswer.read(body, null, NOW).reasons()).containsExactly("API_KEY_INVALID");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>", "{", "[]", "null", "{\"error\":7}", "{\"error\":{\"details\":{}}}"})
  void takes_what_it_does_not_understand_for_silence(String body) {
    assertThat(ErrorAnswer.read(body, null, NOW)).isEqualTo(ErrorAnswer.SILENT);
  }

  @Property(tries = 200)
  void reads_any_body_and_header(@ForAll String body, @ForAll String header) {
    assertThat(ErrorAnswer.read(body, header, NOW).retryAfter())
        .isBetween(Duration.ZERO, Duration.ofDays(7));
  }

  private static Duration read(String field, String delay) {
    String body =
        "{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"%s\":\"%s\"}]}}"
            .formatted(field, delay);
    return ErrorAnswer.read(body, null, NOW).retryAfter();
  }
}

package dev.ragprocessor.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer other than 2xx says besides its status: the details of google.rpc.Status and the
 * header Retry-After, neither of which the SDK's exceptions carry.
 *
 * @param retryAfter when to come again, 0 to 7 days; zero when nothing was said
 * @param reasons the reasons of google.rpc.ErrorInfo, for example {@code API_KEY_INVALID}
 */
record ErrorAnswer(Duration retryAfter, Set<String> reasons) {
  static final ErrorAnswer SILENT = new ErrorAnswer(Duration.ZERO, Set.of());

  private static final Duration LONGEST = Duration.ofDays(7);

  /** Daily quotas come back at midnight Pacific time (ai.google.dev, rate limits). */
  private static final ZoneId QUOTA_ZONE = ZoneId.of("America/Los_Angeles");

  private static final ObjectMapper JSON = new ObjectMapper();

  ErrorAnswer {
    reasons = Set.copyOf(reasons);
  }

  /**
   * @param body as much of the body as was read; what is not JSON says nothing
   * @param header the value of Retry-After, seconds or a date
   */
  static ErrorAnswer read(String body, @Nullable String header, Instant now) {
    Duration wait = header == null ? Duration.ZERO : ofHeader(header, now);
    Set<String> reasons = new HashSet<>();
    for (JsonNode detail : details(body)) {
      switch (detail.path("@type").asText()) {
        case "type.googleapis.com/google.rpc.RetryInfo" ->
            wait = longer(wait, ofSeconds(detail.path("retryDelay").asText()));
        case "type.googleapis.com/google.rpc.QuotaFailure" ->
            wait = longer(wait, ofQuota(detail.path("violations"), now));
        case "type.googleapis.com/google.rpc.ErrorInfo" ->
            reasons.add(detail.path("reason").asText());
        default -> {
          // Help links, localised messages: nothing to act on.
        }
      }
    }
    return new ErrorAnswer(wait.compareTo(LONGEST) > 0 ? LONGEST : wait, reasons);
  }

  private static JsonNode details(String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      // Some of Google's servers wrap the error in an array of one.
      return (answer.isArray() ? answer.path(0) : answer).path("error").path("details");
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  /** A google.protobuf.Duration in JSON: {@code 17s}, {@code 0.5s}. */
  private static Duration ofSeconds(String text) {
    return text.matches("\\d{1,9}(\\.\\d{1,9})?s")
        ? Duration.ofMillis((long) Math.ceil(Double.parseDouble(text.replace("s", "")) * 1_000))
        : Duration.ZERO;
  }

  private static Duration ofQuota(JsonNode violations, Instant now) {
    for (JsonNode violation : violations) {
      if (violation.path("quotaId").asText().contains("PerDay")) {
        ZonedDateTime here = now.atZone(QUOTA_ZONE);
        LocalDate tomorrow = here.toLocalDate().plusDays(1);
        return Duration.between(here, tomorrow.atStartOfDay(QUOTA_ZONE));
      }
    }
    return Duration.ZERO;
  }

  private static Duration ofHeader(String value, Instant now) {
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
      return longer(Duration.ZERO, Duration.between(now, date));
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}

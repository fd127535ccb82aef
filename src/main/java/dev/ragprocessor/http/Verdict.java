package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.Received;
import dev.ragprocessor.ingest.Failure;
import dev.ragprocessor.ingest.Outcome;
import io.helidon.http.Status;
import java.time.Duration;
import java.util.Map;

/**
 * What one event of a delivery is answered (ARCHITECTURE.md, "Contract: deliveries").
 *
 * @param answer the status
 * @param problem empty when there is none
 * @param retryAfter when to come again; zero when that would not help
 * @param attribute of the event that is at fault; empty when none is
 */
record Verdict(Answer answer, String problem, Duration retryAfter, String attribute) {
  private static final Duration RETRY_SOON = Duration.ofSeconds(10);
  private static final Duration RETRY_LATE = Duration.ofSeconds(60);

  /**
   * From the best to the worst; the worst of a batch's events decides what the batch is answered.
   */
  enum Answer {
    DONE,
    ACCEPTED,
    MALFORMED,
    SATURATED,
    UNAVAILABLE,
    MISCONFIGURED,
    BUG;

    Status status() {
      return switch (this) {
        case DONE -> Status.NO_CONTENT_204;
        case ACCEPTED -> Status.ACCEPTED_202;
        case MALFORMED -> Status.BAD_REQUEST_400;
        case SATURATED -> Status.TOO_MANY_REQUESTS_429;
        case UNAVAILABLE, MISCONFIGURED -> Status.SERVICE_UNAVAILABLE_503;
        case BUG -> Status.INTERNAL_SERVER_ERROR_500;
      };
    }
  }

  static Verdict of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Processed _,
          Outcome.Deleted _,
          Outcome.Duplicate _,
          Outcome.Superseded _,
          Outcome.Ignored _,
          Outcome.Rejected _ ->
          good(Answer.DONE);
      case Outcome.Accepted _ -> good(Answer.ACCEPTED);
      case Outcome.NotTaken(Failure failure) -> of(failure);
    };
  }

  private static Verdict of(Failure failure) {
    return switch (failure) {
      case Failure.Saturated(String reason, Duration retryAfter) ->
          later(Answer.SATURATED, reason, retryAfter, RETRY_SOON);
      case Failure.Retryable(String reason, Duration retryAfter) ->
          later(Answer.UNAVAILABLE, reason, retryAfter, RETRY_SOON);
      case Failure.Misconfigured(String reason) ->
          later(Answer.MISCONFIGURED, reason, Duration.ZERO, RETRY_LATE);
      // Nothing was recorded, so that it must not be lost: it is brought again.
      case Failure.Permanent(String reason) ->
          later(Answer.UNAVAILABLE, reason, Duration.ZERO, RETRY_LATE);
    };
  }

  static Verdict ignored() {
    return good(Answer.DONE);
  }

  static Verdict malformed(Received.Malformed event) {
    return new Verdict(Answer.MALFORMED, event.detail(), Duration.ZERO, event.attribute());
  }

  static Verdict bug(Problem problem) {
    return new Verdict(
        Answer.BUG, problem.detail() + ": " + problem.members().get("instance"), Duration.ZERO, "");
  }

  private static Verdict good(Answer answer) {
    return new Verdict(answer, "", Duration.ZERO, "");
  }

  private static Verdict later(Answer answer, String reason, Duration told, Duration otherwise) {
    boolean known = told.isPositive();
    return new Verdict(answer, reason, known ? told : otherwise, "");
  }

  /** Promises what a batch's answer says of this event. */
  Map<String, Object> json(int index) {
    return attribute.isEmpty()
        ? Map.of("index", index, "status", answer.status().code(), "detail", problem)
        : Map.of(
            "index", index,
            "status", answer.status().code(),
            "detail", problem,
            "attribute", attribute);
  }
}

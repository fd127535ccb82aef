package dev.ragprocessor.http;

import dev.ragprocessor.db.DatabaseFailure;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.store.InactiveSpaceException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whatever goes wrong with problem+json, and never with an exception's message: Helidon 4.1
 * would send that.
 */
final class Problems implements DirectHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private static final Duration RETRY_SOON = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private Problems() {}

  /** Promises the same answers for what fails before a route is found. */
  static DirectHandlers beforeRouting() {
    DirectHandlers.Builder all = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      all.addHandler(type, new Problems());
    }
    return all.build();
  }

  /** Adds what answers the exceptions that leave a route. */
  static void inRoutes(HttpRouting.Builder routing) {
    routing.error(Refusal.class, Answers::refusal);
    routing.error(HttpException.class, Problems::answer);
    routing.error(EmbeddingException.class, Problems::answer);
    Alarm alarm = new Alarm(LOG, SILENCE, InstantSource.system());
    routing.error(
        InactiveSpaceException.class,
        (request, response, failure) -> answer(request, response, failure, alarm));
    routing.error(
        Throwable.class, (request, response, bug) -> answerBug(request, response, bug, alarm));
  }

  private static void answer(
      ServerRequest request, ServerResponse response, HttpException failure) {
    Answers.problem(request, response, Problem.of(failure.status(), detail(failure.status())));
  }

  private static void answerBug(
      ServerRequest request, ServerResponse response, Throwable bug, Alarm alarm) {
    Optional<DatabaseFailure> database = DatabaseFailure.in(bug);
    if (database.isPresent()) {
      answer(request, response, database.get(), alarm);
    } else {
      Answers.problem(request, response, bug("A request failed", bug));
    }
  }

  private static void answer(
      ServerRequest request, ServerResponse response, DatabaseFailure failure, Alarm alarm) {
    switch (failure.verdict()) {
      case SATURATED ->
          Answers.refusal(
              request,
              response,
              Refusal.later(Status.TOO_MANY_REQUESTS_429, failure.reason(), RETRY_SOON));
      case RETRYABLE -> unavailable(request, response, failure.reason(), Duration.ZERO);
      case MISCONFIGURED -> {
        alarm.raise(failure.reason());
        unavailable(request, response, failure.reason(), Duration.ZERO);
      }
      case PERMANENT ->
          Answers.problem(request, response, Problem.of(Status.BAD_REQUEST_400, failure.reason()));
    }
  }

  private static void answer(
      ServerRequest request, ServerResponse response, EmbeddingException failure) {
    if (failure.kind() == EmbeddingException.Kind.REFUSED) {
      Answers.problem(
          request,
          response,
          Problem.at(Status.BAD_REQUEST_400, "query", "The model refuses this text"));
      return;
    }
    LOG.warn("The model cannot be asked", failure);
    unavailable(request, response, "The model cannot be asked now", failure.retryAfter());
  }

  private static void answer(
      ServerRequest request, ServerResponse response, InactiveSpaceException failure, Alarm alarm) {
    String reason = String.valueOf(failure.getMessage());
    alarm.raise(reason);
    unavailable(request, response, reason, Duration.ZERO);
  }

  private static void unavailable(
      ServerRequest request, ServerResponse response, String detail, Duration retryAfter) {
    Duration after = retryAfter.isPositive() ? retryAfter : RETRY_SOON;
    Answers.refusal(
        request, response, Refusal.later(Status.SERVICE_UNAVAILABLE_503, detail, after));
  }

  /** Logs a bug under an identity of its own, and promises the problem that tells that identity. */
  static Problem bug(String what, Throwable bug) {
    String instance = "urn:uuid:" + UUID.randomUUID();
    LOG.error("{}: {}", what, instance, bug);
    return new Problem(
        Status.INTERNAL_SERVER_ERROR_500,
        "This is our fault; the log tells it under this instance",
        Map.of("instance", instance));
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      Throwable thrown,
      System.@Nullable Logger logger) {
    return answer(
        headers,
        type == EventType.INTERNAL_ERROR
            ? bug("A request failed before its route", thrown)
            : Problem.of(status, detail(status)));
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    return answer(headers, Problem.of(status, detail(status)));
  }

  /** Ends the connection: what could not be parsed says nothing about where it ends. */
  private static TransportResponse answer(ServerResponseHeaders headers, Problem problem) {
    return TransportResponse.builder()
        .status(problem.status())
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .header(HeaderValues.CONNECTION_CLOSE)
        .keepAlive(false)
        .entity(problem.json())
        .build();
  }

  private static String detail(Status status) {
    return switch (status.code()) {
      case 400 -> "The request cannot be read as HTTP/1.1";
      case 404 -> "There is nothing at this path";
      case 408 -> "The request did not arrive in time";
      case 413 -> "The body is larger than allowed";
      case 414 -> "The request line is longer than allowed";
      case 431 -> "The headers are larger than allowed";
      default -> status.reasonPhrase();
    };
  }
}

package dev.ragprocessor.http;

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
import java.util.Map;
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
    routing.error(Throwable.class, Problems::answerBug);
  }

  private static void answer(
      ServerRequest request, ServerResponse response, HttpException failure) {
    Answers.problem(request, response, Problem.of(failure.status(), detail(failure.status())));
  }

  private static void answerBug(ServerRequest request, ServerResponse response, Throwable bug) {
    Answers.problem(request, response, bug("A request failed", bug));
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

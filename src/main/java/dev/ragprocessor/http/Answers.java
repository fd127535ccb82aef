package dev.ragprocessor.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** The one way in which a request is answered. */
final class Answers {
  private static final Header NO_STORE = HeaderValues.createCached("Cache-Control", "no-store");

  private Answers() {}

  /** Answers without content. */
  static void empty(ServerRequest request, ServerResponse response, Status status) {
    prepare(request, response, status);
    BoundedConnection.current().write(response::send);
  }

  /** Answers with content. */
  static void content(
      ServerRequest request,
      ServerResponse response,
      Status status,
      String contentType,
      byte[] content) {
    prepare(request, response, status);
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.header(HeaderValues.create("X-Content-Type-Options", "nosniff"));
    BoundedConnection.current().write(() -> response.send(content));
  }

  /** Answers with a problem. */
  static void problem(ServerRequest request, ServerResponse response, Problem problem) {
    content(request, response, problem.status(), Problem.MEDIA_TYPE, problem.json());
  }

  /** Answers with what a refusal says. */
  static void refusal(ServerRequest request, ServerResponse response, Refusal refusal) {
    refusal.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    problem(request, response, refusal.problem());
  }

  private static void prepare(ServerRequest request, ServerResponse response, Status status) {
    response.status(status);
    response.header(NO_STORE);
    BoundedConnection connection = BoundedConnection.current();
    if (!connection.drained(request) || connection.isEnding()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
  }
}

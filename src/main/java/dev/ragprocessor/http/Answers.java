package dev.ragprocessor.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The one way in which a request is answered. */
final class Answers {
  private static final Header NO_STORE = HeaderValues.createCached("Cache-Control", "no-store");
  private static final int PART = 64 * 1024;
  private static final Header NO_SNIFFING =
      HeaderValues.createCached("X-Content-Type-Options", "nosniff");

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
    content(request, response, status, NO_STORE, contentType, content);
  }

  /** Answers that the content which the client has kept is still the same. */
  static void unchanged(ServerRequest request, ServerResponse response, Header cacheControl) {
    prepare(request, response, Status.NOT_MODIFIED_304);
    response.header(cacheControl);
    BoundedConnection.current().write(response::send);
  }

  /** Answers with content that may be kept as that header allows. */
  static void content(
      ServerRequest request,
      ServerResponse response,
      Status status,
      Header cacheControl,
      String contentType,
      byte[] content) {
    prepare(request, response, status);
    response.header(cacheControl);
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.header(NO_SNIFFING);
    BoundedConnection.current().write(() -> response.send(content));
  }

  /** Answers with a stream, for each part of which the client has the write time. */
  static void stream(
      ServerRequest request, ServerResponse response, String contentType, InputStream content) {
    prepare(request, response, Status.OK_200);
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.header(NO_SNIFFING);
    BoundedConnection connection = BoundedConnection.current();
    OutputStream out = response.outputStream();
    byte[] part = new byte[PART];
    try {
      for (int read = content.read(part); read >= 0; read = content.read(part)) {
        int length = read;
        connection.write(() -> write(out, part, length));
      }
      connection.write(() -> close(out));
    } catch (IOException | UncheckedIOException broken) {
      // The status is sent: that the answer does not end as it should is all that can be told.
      throw new CloseConnectionException("The answer could not be completed", broken);
    }
  }

  private static void write(OutputStream out, byte[] part, int length) {
    try {
      out.write(part, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers with content that comes bit by bit, and is the connection's last.
   *
   * @return where it is written; the caller closes it
   */
  static OutputStream stream(ServerRequest request, ServerResponse response, String contentType) {
    prepare(request, response, Status.OK_200);
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.header(NO_SNIFFING);
    response.header(HeaderValues.CONNECTION_CLOSE);
    return response.outputStream();
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

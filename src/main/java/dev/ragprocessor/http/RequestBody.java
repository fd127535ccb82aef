package dev.ragprocessor.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;

/** Reads a request's body whole, and no more of it than is allowed. */
final class RequestBody {
  private RequestBody() {}

  /**
   * Promises the length that the client tells; the largest allowed when it tells none.
   *
   * @throws Refusal when it is larger
   */
  static long expected(ServerRequest request, int max) {
    if (!request.content().hasEntity()) {
      return 0;
    }
    if (!request.headers().contains(HeaderNames.CONTENT_LENGTH)) {
      return max;
    }
    long length = length(request);
    if (length > max) {
      throw tooLarge(max);
    }
    return length;
  }

  /** Promises the length that the client tells; 0 when it tells none. */
  static long length(ServerRequest request) {
    return request.headers().contains(HeaderNames.CONTENT_LENGTH)
        ? request.headers().get(HeaderNames.CONTENT_LENGTH).getLong()
        : 0;
  }

  /**
   * Promises the body; empty when there is none.
   *
   * @param max in bytes
   * @throws Refusal when it is larger, or ends too early
   */
  static byte[] read(ServerRequest request, int max) {
    int most = (int) expected(request, max) + 1;
    try {
      // No more than is told: readNBytes makes its buffers as large as it is asked for.
      byte[] body = BoundedConnection.current().body(request).readNBytes(most);
      if (body.length > max) {
        throw tooLarge(max);
      }
      return body;
    } catch (DataReader.InsufficientDataAvailableException truncated) {
      throw Refusal.at(Status.BAD_REQUEST_400, "body", "The body ended before its length");
    } catch (DataReader.IncorrectNewLineException | NumberFormatException malformed) {
      throw Refusal.at(Status.BAD_REQUEST_400, "body", "The body's chunks are malformed");
    } catch (IOException broken) {
      throw new ServerConnectionException("The body could not be read", broken);
    }
  }

  private static Refusal tooLarge(int max) {
    return Refusal.at(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "body",
        "The body may have at most %,d bytes".formatted(max));
  }
}

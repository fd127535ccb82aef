package dev.ragprocessor.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP answer whose body ends by a deadline: the timeout of {@code HttpRequest} covers the
 * headers only, so a body that trickles would never end. Closing gives the connection back, or ends
 * it when the body was not read to its end.
 */
final class DeadlineResponse implements AutoCloseable {
  private final HttpResponse<InputStream> response;
  private final CompletableFuture<Boolean> expired = new CompletableFuture<>();

  /**
   * @param left until the deadline; not negative
   */
  DeadlineResponse(HttpResponse<InputStream> response, Duration left) {
    this.response = response;
    CompletableFuture<Void> _ =
        expired
            .completeOnTimeout(true, left.toNanos(), TimeUnit.NANOSECONDS)
            .thenAccept(
                late -> {
                  if (late) {
                    closeBody();
                  }
                });
  }

  int status() {
    return response.statusCode();
  }

  HttpHeaders headers() {
    return response.headers();
  }

  /** The value of a header, empty when it is missing. */
  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** Reading it fails once the deadline has passed. */
  InputStream body() {
    return response.body();
  }

  /** Whether the deadline ended the body. */
  boolean late() {
    return expired.getNow(false);
  }

  @Override
  public void close() {
    expired.complete(false);
    closeBody();
  }

  private void closeBody() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

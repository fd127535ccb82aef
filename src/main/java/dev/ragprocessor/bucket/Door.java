package dev.ragprocessor.bucket;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;

/** Posts events to the service's own HTTP door, as Eventarc would. */
final class Door implements AutoCloseable {
  private final URI uri;
  private final Duration timeout;
  private final HttpClient client;

  Door(URI uri, Duration timeout) {
    this.uri = uri;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  /**
   * Promises the answer, whatever it is.
   *
   * @throws IOException when there is none
   */
  Answer post(StorageNotification notification) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofByteArray(notification.body()));
    notification.headers().forEach(request::header);
    HttpResponse<Void> response =
        client.send(request.build(), HttpResponse.BodyHandlers.discarding());
    return new Answer(response.statusCode(), RetryAfter.of(response.headers(), Clock.systemUTC()));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /**
   * What the door said.
   *
   * @param retryAfter zero when it did not say
   */
  record Answer(int status, Duration retryAfter) {
    boolean accepted() {
      return status >= 200 && status < 300;
    }
  }
}

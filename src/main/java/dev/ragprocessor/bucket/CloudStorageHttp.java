package dev.ragprocessor.bucket;

import com.google.auth.Retryable;
import dev.ragprocessor.db.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One authorised GET under one deadline. Retries nothing: the job that asks owns the retries. */
final class CloudStorageHttp implements AutoCloseable {
  private final HttpClient client;
  private final CloudStorageCredentials credentials;

  CloudStorageHttp(Duration connectTimeout, CloudStorageCredentials credentials) {
    this.credentials = credentials;
    this.client =
        HttpClient.newBuilder()
            // A connection for each download: in HTTP/2 one slow reader can stall the others.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  /**
   * Promises an answer of any status, to be closed by the caller.
   *
   * @param deadline for token, connection, headers and body together
   * @throws IllegalStateException inside a database scope
   * @throws BucketException UNAVAILABLE when there was no answer, MISCONFIGURED without a token
   */
  DeadlineResponse get(URI uri, Duration deadline, String what) {
    return get(uri, deadline, what, "");
  }

  /**
   * The same of a part.
   *
   * @param range as the header has it; empty for all
   */
  DeadlineResponse get(URI uri, Duration deadline, String what, String range) {
    Database.requireOutsideScope("reading from Cloud Storage");
    long start = System.nanoTime();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(deadline)
            // Stored bytes as they are stored: only these can be checked against the checksum.
            .header("Accept-Encoding", "gzip");
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    authorisation(uri, what)
        .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      Duration left = deadline.minusNanos(System.nanoTime() - start);
      return new DeadlineResponse(response, left.isNegative() ? Duration.ZERO : left);
    } catch (IOException e) {
      throw CloudStorageErrors.unavailable(
          what + ": Cloud Storage did not answer", Duration.ZERO, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CloudStorageErrors.unavailable(
          what + ": interrupted while waiting for Cloud Storage", Duration.ZERO, e);
    }
  }

  private Map<String, List<String>> authorisation(URI uri, String what) {
    try {
      return credentials.headers(uri);
    } catch (IOException e) {
      boolean passing = e instanceof Retryable retryable && retryable.isRetryable();
      throw new BucketException(
          passing ? BucketException.Kind.UNAVAILABLE : BucketException.Kind.MISCONFIGURED,
          what + ": no access token; check the credentials of this service",
          Duration.ZERO,
          e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

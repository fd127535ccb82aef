package dev.ragprocessor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Where a service that runs elsewhere takes deliveries. Safe for use by many threads. */
final class ServiceDoor implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration KNOCK = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final URI address;
  private final String token;
  private final HttpClient client;

  /**
   * @param address with a path, if the service stands behind one
   * @param token shown as {@code Authorization: Bearer}; empty for none
   */
  ServiceDoor(URI address, String token) {
    String base = address.toString();
    this.address = URI.create((base.endsWith("/") ? base : base + "/") + "events");
    this.token = token;
    this.client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(KNOCK).build();
  }

  /** What the service makes of a delivery. */
  sealed interface Answer {
    /** It is durable. */
    record Taken() implements Answer {}

    /** It never will be: the reason says what is wrong with it. */
    record Malformed(String reason) implements Answer {}

    /** Not now. */
    record Later(String reason, Duration pause) implements Answer {}
  }

  /**
   * Promises the service's answer to one delivery.
   *
   * @throws OtherInstanceException when nobody answers, or answers as no such service does
   */
  Answer deliver(DeadLetter letter) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Content-Type", letter.contentType())
            .POST(HttpRequest.BodyPublishers.ofString(letter.body()));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return answer(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new OtherInstanceException(
          "no service takes deliveries at %s: start one with `serve`, or name it with --url"
              .formatted(address),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OtherInstanceException("interrupted while delivering to " + address, e);
    }
  }

  private Answer answer(HttpResponse<byte[]> response) throws IOException {
    int status = response.statusCode();
    return switch (status) {
      case 200, 201, 202, 204 -> new Answer.Taken();
      case 400, 413, 415 -> new Answer.Malformed("%d %s".formatted(status, reason(response)));
      case 408, 429, 500, 502, 503, 504 ->
          new Answer.Later("%d %s".formatted(status, reason(response)), pause(response));
      case 401, 403 ->
          throw new OtherInstanceException(
              "the service at %s answers %d: show it a token with --token-file"
                  .formatted(address, status),
              null);
      default ->
          throw new OtherInstanceException(
              "what is at %s answers %d: it is not this program's service"
                  .formatted(address, status),
              null);
    };
  }

  private static String reason(HttpResponse<byte[]> response) throws IOException {
    boolean problem =
        response
            .headers()
            .firstValue("content-type")
            .filter("application/problem+json"::equals)
            .isPresent();
    if (!problem) {
      return ""; // a proxy's page
    }
    JsonNode said = JSON.readTree(response.body());
    String attribute = said.path("attribute").asText();
    return (attribute.isEmpty() ? "" : attribute + ": ") + said.path("detail").asText();
  }

  /** At least a second, so that nobody is hammered; a date is as good as none. */
  private static Duration pause(HttpResponse<byte[]> response) {
    Duration asked =
        response
            .headers()
            .firstValue("retry-after")
            .filter(value -> value.matches("[0-9]{1,9}"))
            .map(value -> Duration.ofSeconds(Long.parseLong(value)))
            .orElse(Duration.ZERO);
    Duration least = asked.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : asked;
    return least.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : least;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

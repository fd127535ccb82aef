package dev.ragprocessor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The API of a service that runs elsewhere, over HTTP. Safe for use by many threads. */
final class ServiceClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration KNOCK = Duration.ofSeconds(2);
  private static final JsonMapper JSON = new JsonMapper();

  private final URI address;
  private final String token;
  private final HttpClient client;

  /**
   * @param address with a path, if the service stands behind one
   * @param token shown as {@code Authorization: Bearer}; empty for none
   */
  ServiceClient(URI address, String token) {
    this.address = address;
    this.token = token;
    this.client = HttpClient.newBuilder().connectTimeout(KNOCK).build();
  }

  /**
   * Promises the answer of this status, or of one that is a question's answer as well.
   *
   * @param path from the service's root, without a slash before it
   * @param answers the statuses that the caller understands
   * @throws OtherInstanceException when there is no answer or another one
   */
  Answer ask(String method, String path, Set<Integer> answers, String json) {
    HttpRequest.Builder request = HttpRequest.newBuilder(resolve(path)).timeout(PATIENCE);
    if (json.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, HttpRequest.BodyPublishers.ofString(json));
    }
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      JsonNode body = JSON.readTree(response.body());
      if (!answers.contains(response.statusCode())) {
        throw new OtherInstanceException(
            "the server at %s answers %d: %s"
                .formatted(address, response.statusCode(), body.path("detail").asText()),
            null);
      }
      return new Answer(response.statusCode(), body);
    } catch (IOException e) {
      throw new OtherInstanceException(
          "the server at %s does not answer as this program's does".formatted(address), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OtherInstanceException("interrupted while asking " + address, e);
    }
  }

  /** Promises a path with its parameters; those that are empty are left out. */
  static String path(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(parameter -> !parameter.getValue().isEmpty())
            .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return path + "?" + query;
  }

  /** Promises whether a server is ready behind this admin address. */
  static boolean isReady(URI admin) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(KNOCK).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(admin.resolve("/health/ready")).timeout(KNOCK).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private URI resolve(String path) {
    String base = address.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + path);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** An answer that was hoped for. */
  record Answer(int status, JsonNode body) {}
}

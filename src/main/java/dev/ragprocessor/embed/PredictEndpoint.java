package dev.ragprocessor.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.auth.oauth2.GoogleCredentials;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;

/**
 * The method {@code predict} of a model at Vertex AI, in plain REST: for {@code
 * multimodalembedding@001}, whose requests the SDK cannot write (googleapis/python-genai#2262).
 * Safe for use by many threads.
 */
final class PredictEndpoint implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final URI uri;
  private final Duration timeout;
  private final GoogleCredentials credentials;
  private final GeminiFailures failures;
  private final HttpClient http;

  /**
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  PredictEndpoint(GeminiModelSettings settings, GeminiAccess.VertexAi vertex, String model) {
    String base =
        settings.baseUrl().isEmpty()
            ? "https://%s-aiplatform.googleapis.com".formatted(vertex.location())
            : settings.baseUrl();
    this.uri =
        URI.create(
            "%s/v1/projects/%s/locations/%s/publishers/google/models/%s:predict"
                .formatted(
                    base.endsWith("/") ? base.substring(0, base.length() - 1) : base,
                    vertex.project(),
                    vertex.location(),
                    model));
    this.timeout = settings.timeout();
    this.credentials = GeminiConnection.credentials(vertex);
    this.failures = new GeminiFailures(vertex, model);
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Promises the only prediction of an answer.
   *
   * @throws EmbeddingException when there is none: it says whether trying again can help
   */
  JsonNode predict(JsonNode request) {
    HttpResponse<String> response = send(request.toString());
    JsonNode answer = json(response.body());
    if (response.statusCode() != 200) {
      JsonNode error = answer.path("error");
      throw failures.refused(
          response.statusCode(),
          error.path("status").asText(""),
          error.path("message").asText(""),
          ErrorAnswer.read(
              response.body(),
              response.headers().firstValue("Retry-After").orElse(null),
              Clock.systemUTC().instant()));
    }
    return answer.path("predictions").path(0);
  }

  /** An answer that is well-formed and not what was asked for. */
  EmbeddingException wrong(Kind kind, String what) {
    return failures.wrong(kind, what);
  }

  /** A refusal by a model that has never answered. */
  EmbeddingException refusedBeforeAnyAnswer(EmbeddingException refusal) {
    return failures.refusedBeforeAnyAnswer(refusal);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpResponse<String> send(String body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(timeout)
              .header("Content-Type", "application/json; charset=utf-8")
              .POST(HttpRequest.BodyPublishers.ofString(body));
      credentials
          .getRequestMetadata(uri)
          .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw failures.broken(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.broken(e);
    }
  }

  private JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      // An error's page of a proxy says nothing; an answer must be JSON.
      return JSON.createObjectNode();
    }
  }
}

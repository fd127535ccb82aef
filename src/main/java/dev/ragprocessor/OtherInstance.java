package dev.ragprocessor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.store.TenantId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The product in another process of this machine, asked over HTTP: a private PostgreSQL belongs to
 * the process that serves.
 */
final class OtherInstance implements Instance {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration KNOCK = Duration.ofSeconds(2);
  private static final JsonMapper JSON = new JsonMapper();

  private final URI address;
  private final HttpClient client;

  OtherInstance(URI address) {
    this.address = address;
    this.client = HttpClient.newBuilder().connectTimeout(KNOCK).build();
  }

  /** Promises whether a server is ready behind this admin address. */
  static boolean answers(URI admin) {
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

  @Override
  public List<Found> search(TenantId tenant, String question, int limit) {
    String body =
        JSON.createObjectNode()
            .put("tenant", tenant.toString())
            .put("query", question)
            .put("limit", limit)
            .toString();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve("/search"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    List<Found> found = new ArrayList<>();
    for (JsonNode hit : answer(request).path("results")) {
      found.add(
          new Found(
              hit.path("object").asText(),
              Places.of(hit.path("metadata")),
              hit.path("score").asDouble(),
              hit.path("content").asText()));
    }
    return found;
  }

  @Override
  public List<JobLine> jobs(TenantId tenant, int limit) {
    URI uri = address.resolve("/jobs?tenant=%s&limit=%d".formatted(tenant, limit));
    List<JobLine> jobs = new ArrayList<>();
    for (JsonNode job : answer(HttpRequest.newBuilder(uri)).path("jobs")) {
      jobs.add(
          new JobLine(
              UUID.fromString(job.path("id").asText()),
              job.path("object").asText(),
              job.path("status").asText(),
              job.path("stage").asText(),
              job.path("error").asText("")));
    }
    return jobs;
  }

  private JsonNode answer(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
      JsonNode json = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new OtherInstanceException(
            "the server at %s answers %d: %s"
                .formatted(address, response.statusCode(), json.path("detail").asText()),
            null);
      }
      return json;
    } catch (IOException e) {
      throw new OtherInstanceException("the server at %s does not answer".formatted(address), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OtherInstanceException("interrupted while asking " + address, e);
    }
  }
}

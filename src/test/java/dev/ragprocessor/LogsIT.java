package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.Pdfs;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the program says without a terminal, at its most talkative: lines for Cloud Logging, with
 * the names of events and without what was in them.
 */
class LogsIT {
  private static final Pattern ADDRESS =
      Pattern.compile("Serving on (\\S+) \\(health and metrics on (\\S+)\\)");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String LABELS = "logging.googleapis.com/labels";

  /** Nobody may read them in a log: passwords, keys, tokens, contents, questions. */
  private static final List<String> MARKS =
      List.of(
          "mark-of-the-password",
          GeminiStandIn.KEY,
          "mark-of-a-token",
          "mark-of-a-query",
          "mark-of-the-content",
          "mark-of-an-event",
          "mark-of-a-question");

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void every_line_is_json_that_names_its_event_and_holds_no_secret_and_no_payload()
      throws IOException, InterruptedException, SQLException {
    try (GeminiStandIn gemini = GeminiStandIn.start();
        OwnProcess process =
            OwnProcess.start(environment(gemini), "serve", "--set", "bucket.watch=false")) {
      Matcher addresses = process.await(ADDRESS);
      URI address = URI.create(addresses.group(1));
      process.readOn();

      write("good.txt", "mark-of-the-content is a fine text.".getBytes(UTF_8));
      deliver(process, address, "good.txt", "17");
      gemini.fail(echoing(400, "INVALID_ARGUMENT"));
      write("refused.txt", "mark-of-the-content is refused.".getBytes(UTF_8));
      deliver(process, address, "refused.txt", "18");
      gemini.fail(echoing(500, "INTERNAL"));
      write("unlucky.txt", "mark-of-the-content has no luck.".getBytes(UTF_8));
      deliver(process, address, "unlucky.txt", "19");
      write("broken.xml", "<a>mark-of-the-content<b></a>".getBytes(UTF_8));
      deliver(process, address, "broken.xml", "20");
      write("broken.pdf", Pdfs.truncated("mark-of-the-content is cut", "in two"));
      deliver(process, address, "broken.pdf", "21");
      post(address, "/?token=mark-of-a-query", eventHeaders("22"), "{\"mark-of-an-event\": ");
      post(address, "/", eventHeaders("23"), "{\"bucket\": {\"mark-of-an-event\": 1}}");
      post(
          address,
          "/search",
          Map.of("content-type", "application/json"),
          "{\"query\": \"mark-of-a-question\", \"limit\": 3, \"tenant\":"
              + " \"00000000-0000-4000-8000-000000000001\"}");
      post(address, "/search", Map.of(), "{\"query\": [\"mark-of-a-question\"]}");
      process.terminate(20);

      List<JsonNode> lines = lines(process.said());
      for (String mark : MARKS) {
        assertThat(process.said()).doesNotContain(mark);
      }
      JsonNode good = lineOf(lines, "gs://letters/good.txt: 1 chunks stored");
      assertThat(good.path("outcome").asText()).isEqualTo("Processed");
      assertThat(good.path("logging.googleapis.com/trace").asText()).isEqualTo(TRACE);
      assertThat(good.path(LABELS).path("event").asText()).isEqualTo("17");
      assertThat(good.path(LABELS).path("object").asText()).isEqualTo("gs://letters/good.txt");
      assertThat(good.path(LABELS).path("tenant").asText())
          .isEqualTo("00000000-0000-4000-8000-000000000001");
      assertThat(lineOf(lines, "gs://letters/refused.txt: rejected").path("severity").asText())
          .isEqualTo("WARNING");
      JsonNode unlucky = lineOf(lines, "gs://letters/unlucky.txt: waits for another attempt");
      assertThat(unlucky.path(LABELS).path("job").asText()).isNotEmpty();
      lineOf(lines, "Serving on");
      lineOf(lines, "Ending: ");
    }
  }

  private Map<String, String> environment(GeminiStandIn gemini) throws SQLException {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", TestDatabases.create());
    environment.put("RAG_DATABASE_PASSWORD", "mark-of-the-password");
    environment.put("RAG_EMBEDDER_KIND", "gemini");
    environment.put("GEMINI_API_KEY", GeminiStandIn.KEY);
    environment.put("RAG_EMBEDDER_GEMINI_BASE_URL", gemini.baseUrl());
    environment.put("RAG_LOG_LEVEL", "debug");
    environment.put("PORT", "0");
    environment.put("RAG_SERVER_ADMIN_PORT", "0");
    environment.put("RAG_BUCKET_DIRECTORY", directory.resolve("buckets").toString());
    environment.put("RAG_INGEST_FIRST_RETRY_DELAY", "1 h");
    return environment;
  }

  /** An error that repeats the key, as careless services do. */
  private static GeminiFault echoing(int status, String name) {
    return new GeminiFault.Answer(
        status,
        "{\"error\":{\"code\":%d,\"status\":\"%s\",\"message\":\"%s: not this\"}}"
            .formatted(status, name, GeminiStandIn.KEY),
        Map.of());
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = directory.resolve("buckets/letters").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** Delivers, and waits until the log tells what became of it. */
  private void deliver(OwnProcess process, URI address, String name, String id)
      throws IOException, InterruptedException {
    String body =
        """
        {"bucket": "letters", "name": "%s", "generation": "%s",
         "metadata": {"secret": "mark-of-an-event"}}
        """
            .formatted(name, id);
    post(address, "/?token=mark-of-a-query", eventHeaders(id), body);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> process.said().contains("gs://letters/" + name + ": "));
  }

  private static Map<String, String> eventHeaders(String id) {
    return Map.of(
        "ce-specversion", "1.0",
        "ce-id", id,
        "ce-source", "//storage.googleapis.com/projects/_/buckets/letters",
        "ce-type", "google.cloud.storage.object.v1.finalized",
        "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01",
        "content-type", "application/json");
  }

  private void post(URI address, String path, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer mark-of-a-token")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    client.send(request.build(), HttpResponse.BodyHandlers.discarding());
  }

  private static List<JsonNode> lines(String said) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : said.lines().toList()) {
      try {
        JsonNode json = new JsonMapper().readTree(line);
        assertThat(json.path("severity").asText())
            .as(line)
            .isIn("DEBUG", "INFO", "WARNING", "ERROR");
        assertThat(Instant.parse(json.path("time").asText())).isNotNull();
        assertThat(json.path("message").isTextual()).as(line).isTrue();
        lines.add(json);
      } catch (JsonProcessingException text) {
        throw new AssertionError("no JSON: " + line, text);
      }
    }
    return lines;
  }

  private static JsonNode lineOf(List<JsonNode> lines, String begin) {
    return lines.stream()
        .filter(line -> line.path("message").asText().startsWith(begin))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line begins with " + begin + ": " + lines));
  }
}

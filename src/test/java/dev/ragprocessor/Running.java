package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ragprocessor.db.PoolState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The whole program in this process, over a directory of its own, asked as its users ask it. */
final class Running implements AutoCloseable {
  static final String BUCKET = "letters";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path buckets;
  private final Closables closables = new Closables();
  private final Application application;
  private final HttpClient client = HttpClient.newHttpClient();

  private Running(Path buckets, Application application, Closables closables) {
    this.buckets = buckets;
    this.application = application;
    this.closables.add(closables::close);
  }

  /**
   * Promises a program that serves.
   *
   * @param directory for its buckets
   * @param values of the configuration, over what a test needs
   */
  static Running over(String databaseUrl, Path directory, Map<String, String> values)
      throws IOException {
    Path buckets = directory.resolve("buckets");
    Files.createDirectories(buckets.resolve(BUCKET));
    Map<String, String> all = new HashMap<>();
    all.put("database.url", databaseUrl);
    all.put("bucket.directory", buckets.toString());
    all.put("bucket.spool-directory", directory.resolve("spool").toString());
    all.put("server.port", "0");
    all.put("server.admin-port", "0");
    all.put("log.level", "error");
    all.put("log.format", "text");
    all.putAll(values);
    Closables closables = new Closables();
    try {
      Configuration configuration = new ConfigurationReader(Map.of(), null, all).read();
      PrintWriter nowhere = new PrintWriter(new StringWriter());
      Terminal terminal = new Terminal(nowhere, nowhere, false, Map.of());
      return new Running(buckets, Application.start(configuration, terminal, closables), closables);
    } catch (Throwable failure) {
      closables.close();
      throw failure;
    }
  }

  Application application() {
    return application;
  }

  /** Drops a file at once, as a careful program does. */
  void drop(String name, byte[] content) throws IOException {
    Path file = buckets.resolve(BUCKET).resolve(name);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, content);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void remove(String name) throws IOException {
    Files.delete(buckets.resolve(BUCKET).resolve(name));
  }

  Path file(String name) {
    return buckets.resolve(BUCKET).resolve(name);
  }

  /** Promises the texts that a question finds over HTTP, the best first. */
  List<String> search(String question) {
    List<String> texts = new ArrayList<>();
    answer(question).path("results").forEach(hit -> texts.add(hit.path("content").asText()));
    return texts;
  }

  /** Promises the whole answer to a question. */
  JsonNode answer(String question) {
    HttpResponse<String> answer =
        post(
            application.address().resolve("/search"),
            Map.of("Content-Type", "application/json"),
            JSON.createObjectNode()
                .put("tenant", application.tenant().toString())
                .put("query", question)
                .put("limit", 10)
                .toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return tree(answer.body());
  }

  /** Promises the job of an object, as soon as it has ended. */
  Instance.JobLine ended(String name) {
    String path = "gs://%s/%s".formatted(BUCKET, name);
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                application.instance().jobs(application.tenant(), 1_000).stream()
                    .filter(job -> job.object().equals(path) && job.ended())
                    .findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  /** Promises that everything borrowed was given back. */
  void atRest() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              PoolState pool = application.database().state();
              assertThat(pool.active()).isZero();
              assertThat(pool.freePermits()).isEqualTo(pool.size());
              assertThat(pool.waiters()).isZero();
            });
    // One that was closed, or replaced, is listed until its process has ended.
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(backends()).isLessThanOrEqualTo(application.database().state().size()));
  }

  /** Its own connections only: autovacuum and parallel workers are listed in its database too. */
  private long backends() {
    return application
        .database()
        .execute(
            "test.backends",
            db ->
                db.get(
                        "SELECT count(*) AS n FROM pg_stat_activity"
                            + " WHERE datname = current_database()"
                            + " AND application_name = current_setting('application_name')"
                            + " AND backend_type = 'client backend'")
                    .orElseThrow()
                    .column("n")
                    .getLong());
  }

  /** Promises the answer to a finalized event of this object, as Eventarc delivers it. */
  HttpResponse<String> deliver(String name, Map<String, String> headers, String body) {
    Map<String, String> all = new HashMap<>();
    all.put("ce-specversion", "1.0");
    all.put("ce-id", "1-" + name);
    all.put("ce-source", "//storage.googleapis.com/projects/_/buckets/" + BUCKET);
    all.put("ce-type", "google.cloud.storage.object.v1.finalized");
    all.put("ce-subject", "objects/" + name);
    all.put("Content-Type", "application/json");
    headers.forEach(
        (key, value) -> {
          all.remove(key);
          if (!value.isEmpty()) {
            all.put(key, value);
          }
        });
    return post(application.address().resolve("/"), all, body);
  }

  /** Promises the body of an event about this object. */
  static String object(String name, long generation) {
    return JSON.createObjectNode()
        .put("bucket", BUCKET)
        .put("name", name)
        .put("generation", Long.toString(generation))
        .put("metageneration", "1")
        .put("size", "10")
        .toString();
  }

  private HttpResponse<String> post(URI address, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request.build());
  }

  /** Promises the answer of the main port. */
  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(application.address().resolve(path)).build());
  }

  /** Promises the answer of the admin port. */
  HttpResponse<String> admin(String path) {
    return send(HttpRequest.newBuilder(application.adminAddress().resolve(path)).build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    closables.close();
  }
}

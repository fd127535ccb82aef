package dev.ragprocessor.image;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.GeminiStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A bucket with files and a model on this machine, and the events of that bucket, as a program in
 * production has them: Cloud Storage and Gemini over HTTP. Safe for use by many threads.
 */
final class Traffic implements AutoCloseable {
  private static final String BUCKET = "library";
  private static final String TENANT = "00000000-0000-4000-8000-000000000001";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final CloudStorageStandIn storage = new CloudStorageStandIn();
  private final GeminiStandIn gemini = GeminiStandIn.start();
  private final Map<String, byte[]> contents = new TreeMap<>();
  private final Map<String, ObjectAttributes> objects = new ConcurrentHashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param files whose copies lie in the bucket
   */
  Traffic(Path files) throws IOException {
    try (Stream<Path> found = Files.walk(files)) {
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        String name = files.relativize(file).toString();
        contents.put(name, Files.readAllBytes(file));
        overwrite(name);
      }
    }
    if (contents.isEmpty()) {
      throw new IOException("there is no file in " + files);
    }
  }

  /** Promises what a program needs in its environment to be reached, and to reach all this. */
  Map<String, String> environment(String database, int port, int adminPort) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("DATABASE_URL", database);
    environment.put("RAG_DATABASE_MIGRATE", "never");
    // A machine that builds has other work as well.
    environment.put("RAG_DATABASE_CONNECT_TIMEOUT", "30 s");
    environment.put("RAG_SERVER_PORT", Integer.toString(port));
    environment.put("RAG_SERVER_ADMIN_PORT", Integer.toString(adminPort));
    environment.put("RAG_BUCKET_KIND", "cloud-storage");
    environment.put("RAG_BUCKET_ENDPOINT", storage.baseUrl().toString());
    environment.put("RAG_EMBEDDER_KIND", "gemini");
    environment.put("RAG_EMBEDDER_GEMINI_BASE_URL", gemini.baseUrl());
    environment.put("RAG_EMBEDDER_GEMINI_API_KEY", GeminiStandIn.KEY);
    environment.put("RAG_INGEST_ANSWER_BUDGET", "8 s");
    return environment;
  }

  /** Promises the names of the bucket's files. */
  List<String> names() {
    return List.copyOf(contents.keySet());
  }

  /** Promises a new version of a file, with as much to do as the first. */
  void overwrite(String name) {
    byte[] content = contents.get(name);
    if (content == null) {
      throw new IllegalArgumentException("no such file: " + name);
    }
    objects.put(name, storage.put(BUCKET, name, content));
  }

  /** Promises that this file was taken, however often it had to be told; waits for the program. */
  void deliver(URI service, String name) throws InterruptedException {
    tell(service, "finalized", name);
  }

  /** Takes the program through what it does: files, a change, a delete, questions, metrics. */
  void everything(URI service, URI admin) throws InterruptedException {
    for (String name : names()) {
      deliver(service, name);
    }
    tell(service, "metadataUpdated", names().getFirst());
    tell(service, "deleted", names().getLast());
    expect(
        200,
        HttpRequest.newBuilder(service.resolve("/search"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"tenant": "%s", "query": "Which bread is free of gluten?", "limit": 3}\
                    """
                        .formatted(TENANT))));
    expect(200, HttpRequest.newBuilder(service.resolve("/jobs?tenant=" + TENANT)));
    expect(200, HttpRequest.newBuilder(admin.resolve("/health/started")));
    expect(200, HttpRequest.newBuilder(admin.resolve("/health/live")));
    expect(200, HttpRequest.newBuilder(admin.resolve("/health/ready")));
    expect(200, HttpRequest.newBuilder(admin.resolve("/metrics")));
  }

  private void tell(URI service, String type, String name) throws InterruptedException {
    HttpRequest request = event(service, type, name);
    long begun = System.nanoTime();
    String last = "";
    while (System.nanoTime() - begun < PATIENCE.toNanos()) {
      try {
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status == 204) {
          return;
        }
        last = "answered with " + status;
      } catch (IOException notYet) {
        last = notYet.toString();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new IllegalStateException("%s of %s: %s".formatted(type, name, last));
  }

  private HttpRequest event(URI service, String type, String name) {
    ObjectAttributes object = objects.get(name);
    if (object == null) {
      throw new IllegalArgumentException("no such file: " + name);
    }
    return HttpRequest.newBuilder(service.resolve("/"))
        .timeout(Duration.ofSeconds(20))
        .header("ce-specversion", "1.0")
        .header("ce-id", UUID.randomUUID().toString())
        .header("ce-source", "//storage.googleapis.com/projects/_/buckets/" + BUCKET)
        .header("ce-type", "google.cloud.storage.object.v1." + type)
        .header("ce-subject", "objects/" + name)
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                """
                {"bucket": "%s", "name": "%s", "generation": "%d", "metageneration": "%d"}\
                """
                    .formatted(
                        BUCKET, name, object.object().generation(), object.metageneration())))
        .build();
  }

  private void expect(int status, HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          client.send(
              request.timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != status) {
        throw new IllegalStateException(
            "%s: %d %s".formatted(answer.uri(), answer.statusCode(), answer.body()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    gemini.close();
    storage.close();
  }
}

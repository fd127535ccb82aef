package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session that goes wrong in three ways, recorded by the admin port while events are delivered;
 * the report must name all three without being told.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProfileIT {
  private static final int EVENTS = 60;
  private static final int SENDERS = 6;
  private static final String HOSTILE = "<script>alert(1)<b>.txt";

  @TempDir static Path directory;
  private Path recording;
  private Scraped before;
  private Scraped after;

  @BeforeAll
  void record() throws IOException, SQLException, InterruptedException {
    try (Running running =
        Running.over(
            TestDatabases.create(),
            directory,
            Map.of(
                "bucket.watch", "false",
                "embedder.kind", "stub",
                "embedder.stub.latency", "150 ms", // the slow stage
                "database.hold-warning", "300 ms",
                // Nothing runs by itself, and nothing is answered early, so that what is counted is
                // what is asked for here.
                "index.kind", "whole",
                "ingest.answer-budget", "8 s",
                "ingest.lease", "1 d",
                "ingest.sweep-interval", "1 h",
                "ingest.renew-interval", "1 h"))) {
      running.drop("first.txt", "What is initialised once is not of this session.".getBytes(UTF_8));
      deliver(running, "first.txt");
      atRest(running);
      before = Scraped.of(running);
      assertThat(post(running, "/recording").statusCode()).isEqualTo(201);
      load(running);
      atRest(running);
      assertThat(post(running, "/recording/stop").statusCode()).isEqualTo(200);
      after = Scraped.of(running);
      recording = download(running);
    }
  }

  private static void load(Running running) throws IOException, InterruptedException {
    running.drop(HOSTILE, "Somebody's idea of a name.".getBytes(UTF_8));
    running.drop("broken.pdf", "%PDF-1.7 but no more".getBytes(UTF_8));
    for (int number = 0; number < EVENTS; number++) {
      running.drop("letter%d.txt".formatted(number), ("Letter " + number).getBytes(UTF_8));
    }
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      senders.execute(() -> deliver(running, HOSTILE));
      senders.execute(() -> deliver(running, "broken.pdf"));
      for (int number = 0; number < EVENTS; number++) {
        String name = "letter%d.txt".formatted(number);
        senders.execute(() -> deliver(running, name));
      }
      running
          .application()
          .database()
          .execute("test.long-hold", db -> db.get("SELECT pg_sleep(1.2)"));
      Thread.ofVirtual().start(Pinning::touch).join();
      System.gc();
    }
  }

  /** Its initialiser waits, and a virtual thread that runs it cannot leave its carrier. */
  private static final class Pinning {
    static final boolean DONE = await();

    private static boolean await() {
      try {
        return !new CountDownLatch(1).await(250, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    static void touch() {
      assertThat(DONE).isTrue();
    }
  }

  @Test
  void the_report_leads_with_the_slow_stage_the_long_hold_and_the_pinned_thread() {
    String text = report();
    List<String> findings = findings(text);
    assertThat(findings)
        .as(text)
        .first()
        .asString()
        .contains("The slowest stage is embed")
        .containsPattern("one in twenty took 1[5-9]\\d ms|one in twenty took [2-9]\\d\\d ms");
    assertThat(findings)
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .startsWith(" ! ")
                    .containsPattern(
                        "Scope test\\.long-hold held a connection for 1\\.\\d s, past the warning"))
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .startsWith(" ! ")
                    .contains("pinned to its carrier 1 time", "ProfileIT$Pinning.<clinit>"));
    assertThat(text)
        .contains("The slowest events", "waiting for permits", "event 1-letter")
        .contains("free permits", "Finalized: Processed", "Finalized: Rejected")
        .contains("stub, chunks", "ingest.store", "allocating code", "System.gc()");
  }

  @Test
  void the_page_holds_everything_itself_and_every_text_is_text() throws IOException {
    Path page = directory.resolve("report.html");
    StringWriter said = new StringWriter();
    assertThat(run(said, "profile", "report", recording.toString(), "--html", page.toString()))
        .as(said.toString())
        .isEqualTo(Exit.DONE);
    String html = Files.readString(page);
    assertThat(html)
        .contains("The slowest stage is embed", "<svg ", "<polyline ", "prefers-color-scheme: dark")
        .contains("Pinning.&lt;clinit&gt;")
        .doesNotContain("<script", "alert(1)<b>", "http://", "https://", "src=", "url(");
    assertThat(html.lines().filter(line -> line.startsWith("<h2>"))).hasSizeGreaterThan(10);
  }

  @Test
  void the_recording_and_the_meters_count_the_same() throws IOException {
    List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
    // Each event needs two, which as many as come at once may share.
    assertThat(count(events, "db.ConnectionScope"))
        .isGreaterThanOrEqualTo(2 * EVENTS / SENDERS)
        .isEqualTo(grown("db_scopes_total", Map.of()));
    assertThat(count(events, "Delivery"))
        .isEqualTo(EVENTS + 2)
        .isEqualTo(grown("rag_deliveries_total", Map.of()));
    assertThat(count(events, "Work")).isEqualTo(grown("rag_events_total", Map.of()));
    assertThat(count(events, "Extract"))
        .isEqualTo(grown("rag_stage_seconds_count", Map.of("stage", "extract")));
  }

  @Test
  void what_is_no_recording_is_refused_by_name() throws IOException {
    Path other = Files.writeString(directory.resolve("other.jfr"), "no recording");
    StringWriter said = new StringWriter();
    assertThat(run(said, "profile", "report", other.toString())).isEqualTo(Exit.USAGE);
    assertThat(said.toString()).contains("other.jfr cannot be read as a recording");
  }

  private String report() {
    StringWriter said = new StringWriter();
    assertThat(run(said, "profile", "report", recording.toString())).isEqualTo(Exit.DONE);
    return said.toString();
  }

  private static int run(StringWriter said, String... arguments) {
    PrintWriter writer = new PrintWriter(said, true);
    return RagProcessor.commandLine(new Terminal(writer, writer, false, Map.of()))
        .execute(arguments);
  }

  private static List<String> findings(String text) {
    return text.lines().filter(line -> line.startsWith(" ! ") || line.startsWith(" - ")).toList();
  }

  private static int count(List<RecordedEvent> events, String type) {
    return Math.toIntExact(
        events.stream()
            .filter(event -> event.getEventType().getName().equals("dev.ragprocessor." + type))
            .count());
  }

  /** By how much all series of that name with these labels have grown. */
  private int grown(String name, Map<String, String> labels) {
    return (int) Math.round(after.sum(name, labels) - before.sum(name, labels));
  }

  private static void atRest(Running running) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Scraped.of(running).sum("rag_events_in_flight", Map.of()) == 0);
  }

  private static void deliver(Running running, String name) {
    assertThat(running.deliver(name, Map.of(), Running.object(name, 1)).statusCode())
        .isIn(202, 204);
  }

  private static HttpResponse<String> post(Running running, String path) {
    return send(
        HttpRequest.newBuilder(running.application().adminAddress().resolve(path))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Path download(Running running) {
    return send(
            HttpRequest.newBuilder(running.application().adminAddress().resolve("/recording.jfr"))
                .build(),
            HttpResponse.BodyHandlers.ofFile(directory.resolve("session.jfr")))
        .body();
  }

  private static <T> HttpResponse<T> send(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

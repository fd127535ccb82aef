package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.telemetry.recording.RecordingSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin port's recording: one at a time, bounded, and read without a path. */
@Timeout(60)
class RecordingRoutesTest {
  private static final HttpRequest.BodyPublisher NOTHING = HttpRequest.BodyPublishers.noBody();
  private static RunningGateway server;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    server = RunningGateway.with(_ -> new Outcome.Deleted());
  }

  @AfterEach
  void discard() {
    server.send(server.adminRequest("/recording").DELETE());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_recording_is_started_stopped_and_read() throws IOException, InterruptedException {
    assertThat(server.send(server.adminRequest("/recording")).body())
        .isEqualTo("{\"state\":\"none\"}");
    HttpResponse<String> started = post("/recording?seconds=60");
    assertThat(started.statusCode()).isEqualTo(201);
    assertThat(started.body()).contains("\"state\":\"running\"", "\"until\":");
    Recording made = made();
    assertThat(made.getMaxSize()).isEqualTo(RecordingSettings.DEFAULT.maxBytes());
    assertThat(made.getDuration()).isEqualTo(Duration.ofSeconds(60));

    HttpResponse<String> second = post("/recording");
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("runs already");
    assertThat(made()).as("the first goes on").isSameAs(made);

    assertThat(read("running.jfr")).as("what it has so far").isNotEmpty();
    HttpResponse<String> stopped = post("/recording/stop");
    assertThat(stopped.statusCode()).isEqualTo(200);
    assertThat(stopped.body()).contains("\"state\":\"finished\"");
    assertThat(post("/recording/stop").statusCode()).isEqualTo(409);
    List<RecordedEvent> events = read("finished.jfr");
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .contains("jdk.CPUInformation", "jdk.OSInformation")
        .doesNotContain(
            "jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty", "jdk.JVMInformation");
    assertThat(read("again.jfr")).as("it is kept").hasSameSizeAs(events);
  }

  @Test
  void nothing_is_left_of_a_discarded_recording() throws IOException, InterruptedException {
    post("/recording");
    assertThat(server.send(server.adminRequest("/recording").DELETE()).statusCode()).isEqualTo(204);
    assertThat(recordings()).isEmpty();
    assertThat(server.send(server.adminRequest("/recording.jfr")).statusCode()).isEqualTo(404);
    assertThat(post("/recording").statusCode()).as("the next may begin").isEqualTo(201);
  }

  @Test
  void a_recording_ends_by_itself_and_the_next_replaces_it() {
    post("/recording?seconds=1");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> server.send(server.adminRequest("/recording")).body().contains("\"finished\""));
    assertThat(post("/recording").statusCode()).isEqualTo(201);
    assertThat(recordings()).hasSize(1);
  }

  @Test
  void what_is_out_of_bounds_is_refused_and_starts_nothing() {
    for (String query : List.of("0", "601", "-1", "all", "1&seconds=2")) {
      assertThat(post("/recording?seconds=" + query).statusCode()).as(query).isEqualTo(400);
    }
    assertThat(recordings()).isEmpty();
  }

  @Test
  void another_sites_page_may_not_ask_for_it() {
    assertThat(
            server
                .send(
                    server
                        .adminRequest("/recording")
                        .header("Origin", "https://elsewhere.example")
                        .POST(NOTHING))
                .statusCode())
        .isEqualTo(403);
    assertThat(recordings()).isEmpty();
  }

  @Test
  void recordings_are_not_on_the_main_port() {
    assertThat(server.send(server.request("/recording").POST(NOTHING)).statusCode()).isEqualTo(404);
    assertThat(server.send(server.request("/recording.jfr")).statusCode()).isEqualTo(404);
  }

  private static HttpResponse<String> post(String path) {
    return server.send(server.adminRequest(path).POST(NOTHING));
  }

  private List<RecordedEvent> read(String name) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Path> file =
          client.send(
              server.adminRequest("/recording.jfr").build(),
              HttpResponse.BodyHandlers.ofFile(directory.resolve(name)));
      assertThat(file.statusCode()).isEqualTo(200);
      return RecordingFile.readAllEvents(file.body());
    }
  }

  private static Recording made() {
    return recordings().getFirst();
  }

  private static List<Recording> recordings() {
    return FlightRecorder.getFlightRecorder().getRecordings().stream()
        .filter(recording -> recording.getName().equals("rag-processor"))
        .toList();
  }
}

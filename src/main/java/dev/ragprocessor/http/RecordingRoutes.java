package dev.ragprocessor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.telemetry.recording.RecordingState;
import dev.ragprocessor.telemetry.recording.Recordings;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The process' JFR recording, on the admin port and for callers on this machine only, as {@code
 * kubectl port-forward} makes its user one: {@code GET /recording} tells what there is, {@code POST
 * /recording} starts one (409 while one runs), {@code POST /recording/stop} ends it, {@code GET
 * /recording.jfr} reads it, {@code DELETE /recording} discards it.
 */
final class RecordingRoutes implements HttpService {
  private static final JsonMapper MAPPER = Json.mapper().build();

  private final Admission admission;
  private final Recordings recordings;

  RecordingRoutes(Admission admission, Recordings recordings) {
    this.admission = admission;
    this.recordings = recordings;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/recording", this::show)
        .post("/recording", this::start)
        .delete("/recording", this::discard)
        .post("/recording/stop", this::stop)
        .get("/recording.jfr", this::download);
  }

  private void show(ServerRequest request, ServerResponse response) {
    admit(request);
    answer(request, response, Status.OK_200, recordings.state());
  }

  private void start(ServerRequest request, ServerResponse response) {
    admit(request);
    int most = Math.toIntExact(recordings.maxDuration().toSeconds());
    Duration length = Duration.ofSeconds(Parameters.integer(request, "seconds", 1, most, most));
    RecordingState.Running running =
        recordings
            .start(length)
            .orElseThrow(
                () ->
                    Refusal.of(
                        Status.CONFLICT_409,
                        "A recording runs already: stop it first, or wait until it ends"));
    answer(request, response, Status.CREATED_201, running);
  }

  private void stop(ServerRequest request, ServerResponse response) {
    admit(request);
    RecordingState.Finished finished =
        recordings.stop().orElseThrow(() -> Refusal.of(Status.CONFLICT_409, "No recording runs"));
    answer(request, response, Status.OK_200, finished);
  }

  private void download(ServerRequest request, ServerResponse response) {
    admit(request);
    try (InputStream events =
        recordings
            .open()
            .orElseThrow(
                () ->
                    Refusal.of(
                        Status.NOT_FOUND_404,
                        "There is no recording; POST /recording starts one"))) {
      Answers.stream(request, response, "application/octet-stream", events);
    } catch (IOException e) {
      throw new UncheckedIOException("a recording could not be closed", e);
    }
  }

  private void discard(ServerRequest request, ServerResponse response) {
    admit(request);
    recordings.discard();
    Answers.empty(request, response, Status.NO_CONTENT_204);
  }

  private void admit(ServerRequest request) {
    ForeignPages.refuse(request);
    admission.admit(request);
  }

  private static void answer(
      ServerRequest request, ServerResponse response, Status status, RecordingState state) {
    Map<String, Object> told =
        switch (state) {
          case RecordingState.None() -> Map.of("state", "none");
          case RecordingState.Running(Instant since, Instant until, long bytes) ->
              json("running", since, until, bytes);
          case RecordingState.Finished(Instant since, Instant until, long bytes) ->
              json("finished", since, until, bytes);
        };
    try {
      Answers.content(
          request, response, status, "application/json", MAPPER.writeValueAsBytes(told));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("text and numbers are written", impossible);
    }
  }

  private static Map<String, Object> json(String state, Instant since, Instant until, long bytes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("state", state);
    json.put("since", since.toString());
    json.put("until", until.toString());
    json.put("bytes", bytes);
    return json;
  }
}

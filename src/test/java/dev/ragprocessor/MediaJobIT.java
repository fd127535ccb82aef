package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.testing.GeminiMedium;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.MediaFiles;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media in the running program: dropped into a directory, found over HTTP, gone with the file. */
class MediaJobIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private GeminiStandIn gemini;

  @BeforeEach
  void start() throws IOException {
    gemini = GeminiStandIn.start();
    gemini.setMeaning(MediaJobIT::note);
  }

  @AfterEach
  void stop() {
    gemini.close();
  }

  @Test
  void an_image_is_found_and_follows_its_file_beside_the_local_model()
      throws IOException, SQLException {
    try (Running running = Running.over(TestDatabases.create(), directory, media())) {
      String question = "Who stands in front of the lighthouse?";
      running.drop("summer.png", MediaFiles.png("|Ida in front of the red lighthouse|"));
      assertThat(running.ended("summer.png").status()).isEqualTo("processed");
      JsonNode first = running.answer(question).at("/results/0");
      assertThat(first.path("content").asText()).contains("Ida in front of the red lighthouse");
      assertThat(first.path("kind").asText()).isEqualTo("images");
      assertThat(first.at("/rankings/text/rank").asInt()).isEqualTo(1);
      assertThat(first.at("/rankings/multimodal/rank").asInt()).isEqualTo(1);
      assertThat(first.path("score").asDouble()).isEqualTo(1);

      running.drop("summer.png", MediaFiles.png("|two grey cats on a sofa|"));
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(running.search(question))
                      .singleElement()
                      .asString()
                      .contains("two grey cats"));

      running.remove("summer.png");
      await().atMost(SOON).untilAsserted(() -> assertThat(running.search(question)).isEmpty());
      running.atRest();
    }
  }

  @Test
  void a_stretch_of_a_video_is_found_with_its_time() throws IOException, SQLException {
    gemini.setMeaning(
        medium -> medium.start() == 15 ? "a heron lands on the pond" : "empty water and reed");
    try (Running running = Running.over(TestDatabases.create(), directory, media())) {
      running.drop("pond.mp4", MediaFiles.mp4(40, ""));
      assertThat(running.ended("pond.mp4").status()).isEqualTo("processed");

      JsonNode first = running.answer("heron pond").at("/results/0");
      assertThat(first.at("/timeRange/startSeconds").asDouble()).isEqualTo(15);
      assertThat(first.at("/timeRange/endSeconds").asDouble()).isEqualTo(30);
      assertThat(
              running.application().instance().search(running.application().tenant(), "heron", 1))
          .satisfies(
              answer -> assertThat(answer.found().getFirst().place()).isEqualTo("0:15 to 0:30"));
      assertThat(gemini.files()).as("what was uploaded").isZero();
    }
  }

  @Test
  void without_a_model_for_them_media_fail_and_say_what_to_configure()
      throws IOException, SQLException {
    // The access alone sends nothing away: somebody must say so.
    Map<String, String> values =
        Map.of(
            "embedder.gemini.api-key",
            GeminiStandIn.KEY,
            "embedder.gemini.base-url",
            gemini.baseUrl());
    try (Running running = Running.over(TestDatabases.create(), directory, values)) {
      running.drop("summer.png", MediaFiles.png("|Ida|"));
      Instance.JobLine job = running.ended("summer.png");
      assertThat(job.status()).isEqualTo("error");
      assertThat(job.error())
          .contains("image/png", "media.reader", "embedder.gemini.api-key", "project", "location");
      assertThat(gemini.calls()).isEmpty();
    }
  }

  private Map<String, String> media() {
    return Map.of(
        "media.reader",
        "gemini",
        "embedder.gemini.api-key",
        GeminiStandIn.KEY,
        "embedder.gemini.base-url",
        gemini.baseUrl());
  }

  private static String note(GeminiMedium medium) {
    String[] parts = medium.text().split("\\|", -1);
    return parts.length > 1 ? parts[parts.length - 2] : medium.text();
  }
}

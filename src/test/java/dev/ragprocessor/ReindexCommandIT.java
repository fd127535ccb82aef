package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.store.SpaceMismatchException;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.MediaFiles;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rolling change of models that the README tells, with a process that is killed on its way. */
class ReindexCommandIT {
  private static final int FILES = 30;
  private static final int IMAGES = 12;
  private static final Map<String, String> OLD =
      Map.of("embedder.kind", "stub", "embedder.stub.dimensions", "16");
  private static final Map<String, String> NEW =
      Map.of("embedder.kind", "stub", "embedder.stub.dimensions", "24");

  @TempDir Path directory;

  @Test
  void a_model_is_changed_beside_the_service_though_the_command_is_killed() throws Exception {
    String url = TestDatabases.create();
    try (Running old = Running.over(url, directory.resolve("old"), OLD)) {
      for (int i = 0; i < FILES; i++) {
        old.drop(i + ".txt", ("A text about " + i).getBytes(UTF_8));
      }
      for (int i = 0; i < FILES; i++) {
        assertThat(old.ended(i + ".txt").error()).isEmpty();
      }
      assertThatThrownBy(() -> Running.over(url, directory.resolve("early"), NEW))
          .isInstanceOf(SpaceMismatchException.class)
          .hasMessageContaining("rag-processor reindex");

      try (OwnProcess killed = reindex(url, "--rate", "10", "--batch", "1")) {
        killed.await(Pattern.compile("%d chunks are to have vectors".formatted(FILES)));
        killed.readOn();
        await().until(() -> made(url) >= 3);
        killed.kill();
      }
      int left = FILES - made(url);
      assertThat(left).isBetween(1, FILES - 3);
      assertThat(old.search("A text about 7")).hasSize(10);

      assertThat(reindexHere(url))
          .contains("%n%d vectors were made now".formatted(left))
          .contains("Searches use \"stub\" with 24 dimensions");

      assertThat(old.search("A text about 7")).as("until it is replaced").hasSize(10);
      HttpResponse<String> refused =
          old.deliver("0.txt", Map.of(), Running.object("0.txt", Long.MAX_VALUE));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("rag-processor reindex");
    }
    try (Running fresh = Running.over(url, directory.resolve("new"), NEW)) {
      assertThat(fresh.search("A text about 7")).first().isEqualTo("A text about 7");
      fresh.drop("more.txt", "One more".getBytes(UTF_8));
      assertThat(fresh.ended("more.txt").error()).isEmpty();
      assertThat(fresh.search("One more")).first().isEqualTo("One more");
    }
    assertThat(reindexHere(url, "--remove-old"))
        .contains("%n0 vectors were made now".formatted())
        .contains("30 vectors of 1 former models are removed");
  }

  @Test
  void a_model_of_media_is_changed_beside_the_service_though_the_command_is_killed()
      throws Exception {
    String url = TestDatabases.create();
    Path shared = directory.resolve("media");
    try (GeminiStandIn gemini = GeminiStandIn.start()) {
      gemini.setMeaning(medium -> medium.text().split("\\|", -1)[1]);
      Map<String, String> settings =
          Map.of(
              "embedder.kind",
              "gemini",
              "embedder.gemini.api-key",
              GeminiStandIn.KEY,
              "embedder.gemini.base-url",
              gemini.baseUrl());
      List<String> command = new ArrayList<>(List.of("reindex", "--kind", "multimodal"));
      command.addAll(List.of("--dimensions", "512", "--set", "database.connect-timeout=20 s"));
      command.addAll(List.of("--set", "bucket.directory=" + shared.resolve("buckets")));
      settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
      int made;
      try (Running old = Running.over(url, shared, settings)) {
        for (int i = 0; i < IMAGES; i++) {
          old.drop(i + ".png", MediaFiles.png("|a thing with %d corners|".formatted(i)));
        }
        for (int i = 0; i < IMAGES; i++) {
          assertThat(old.ended(i + ".png").error()).isEmpty();
        }
        String texts = textVectors(url);

        List<String> slow = new ArrayList<>(command);
        slow.addAll(List.of("--rate", "4"));
        try (OwnProcess killed =
            OwnProcess.start(Map.of("DATABASE_URL", url), slow.toArray(String[]::new))) {
          killed.await(Pattern.compile("is about media is to have vectors"));
          killed.readOn();
          await().until(() -> made(url) >= 2);
          killed.kill();
        }
        made = made(url);
        assertThat(made).isBetween(2, IMAGES - 1);
        assertThat(byMedia(old)).isEqualTo("7.png");

        assertThat(said(url, command.toArray(String[]::new)))
            .contains("%n%d vectors were made now".formatted(IMAGES - made))
            .contains("Searches use \"gemini-embedding-2\" with 512 dimensions");
        assertThat(textVectors(url)).isEqualTo(texts);
        assertThat(byMedia(old)).as("until it is replaced").isEqualTo("7.png");
        assertThatThrownBy(() -> Running.over(url, directory.resolve("late"), settings))
            .isInstanceOf(SpaceMismatchException.class)
            .hasMessageContaining("rag-processor reindex --kind multimodal");
      }
      Map<String, String> next = new HashMap<>(settings);
      next.put("embedder.multimodal.dimensions", "512");
      try (Running fresh = Running.over(url, shared, next)) {
        assertThat(byMedia(fresh)).isEqualTo("7.png");
      }
      command.add("--remove-old");
      assertThat(said(url, command.toArray(String[]::new)))
          .contains("%n0 vectors were made now".formatted())
          .contains("%d vectors of 1 former models are removed".formatted(IMAGES));
    }
  }

  /** The file whose medium is nearest to a question that only one of them answers. */
  private static String byMedia(Running service) {
    for (JsonNode hit : service.answer("7 corners").path("results")) {
      if (hit.at("/rankings/multimodal/rank").asInt() == 1) {
        return hit.path("filename").asText();
      }
    }
    return "nothing";
  }

  private static String textVectors(String url) {
    return GuidePage.rows(
            url,
            """
            SELECT md5(string_agg(id || coalesce(text_embedding, space_embedding)::text, '' ORDER BY id))
              FROM document_chunks
            """)
        .getFirst();
  }

  private static OwnProcess reindex(String url, String... more) throws IOException {
    return OwnProcess.start(Map.of("DATABASE_URL", url), arguments(more));
  }

  private static String reindexHere(String url, String... more) {
    return said(url, arguments(more));
  }

  /** Promises what the command says, once it has done everything. */
  private static String said(String url, String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    Terminal terminal = new Terminal(writer, writer, false, Map.of("DATABASE_URL", url));
    int status = RagProcessor.commandLine(terminal).execute(arguments);
    assertThat(status).as(said.toString()).isEqualTo(Exit.DONE);
    return said.toString();
  }

  private static String[] arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("reindex", "--dimensions", "24", "--set", "embedder.kind=stub", "--set"));
    arguments.add("database.connect-timeout=20 s"); // on a machine that does much else
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static int made(String url) {
    return Integer.parseInt(
        GuidePage.rows(url, "SELECT count(*)::text FROM chunk_vectors").getFirst());
  }
}

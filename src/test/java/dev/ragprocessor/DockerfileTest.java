package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the image must be, as far as its recipe shows; {@code mvn -Pimage} builds and runs it. */
class DockerfileTest {
  private List<String> instructions = List.of();

  @BeforeEach
  void read() throws IOException {
    instructions =
        Files.readString(Path.of("Dockerfile"))
            .replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\\\\n\\s*", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
  }

  @Test
  void its_bases_are_arguments_with_a_version() {
    List<String> bases =
        instructions.stream().filter(line -> line.matches("ARG (BUILD|RUNTIME)_IMAGE=.*")).toList();
    assertThat(bases)
        .hasSize(2)
        .allMatch(line -> line.matches("ARG \\w+=[^:]+:\\d+\\.\\d+.*"))
        .noneMatch(line -> line.contains("latest"));
    assertThat(instructions)
        .filteredOn(line -> line.startsWith("FROM "))
        .extracting(line -> line.replaceAll("FROM (\\S+).*", "$1"))
        .containsExactly("${BUILD_IMAGE}", "${BUILD_IMAGE}", "build", "${RUNTIME_IMAGE}");
  }

  @Test
  void nothing_runs_in_the_last_stage_and_its_layers_go_from_rare_to_frequent_changes() {
    List<String> last = lastStage();
    assertThat(last).noneMatch(line -> line.matches("(RUN|ADD|SHELL|HEALTHCHECK) .*"));
    assertThat(last)
        .filteredOn(line -> line.startsWith("COPY "))
        .extracting(line -> line.replaceAll("COPY --from=\\w+ (\\S+) \\1", "$1"))
        .containsExactly(
            "/opt/runtime",
            "/app/lib",
            "/app/sbom.cdx.json",
            "/app/rag-processor.jar",
            "/app/rag-processor.aot");
  }

  @Test
  void it_runs_as_the_user_that_the_manifests_name_without_a_shell() throws IOException {
    Manifests manifests = Manifests.of("prod-cloudsql");
    long user = manifests.server().template().getSpec().getSecurityContext().getRunAsUser();
    assertThat(lastStage())
        .contains("USER %1$d:%1$d".formatted(user), "CMD [\"serve\"]")
        .anyMatch(line -> line.startsWith("ENTRYPOINT [\"/opt/runtime/bin/java\", "));
  }

  @Test
  void it_is_trained_with_the_collector_that_it_runs_with() {
    assertThat(collectors(String.join("\n", instructions))).hasSize(2).containsOnly("Serial");
  }

  @Test
  void what_the_build_copies_is_not_ignored() throws IOException {
    List<String> sent =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    assertThat(sent).allMatch(path -> Files.exists(Path.of(path)));
    assertThat(
            instructions.stream()
                .filter(line -> line.matches("COPY (?!--from).*"))
                .map(line -> line.split(" ", -1)[1]))
        .isNotEmpty()
        .allMatch(
            copied ->
                sent.stream().anyMatch(path -> path.startsWith(copied) || copied.startsWith(path)));
  }

  private List<String> lastStage() {
    int from = 0;
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).startsWith("FROM ")) {
        from = i;
      }
    }
    return instructions.subList(from, instructions.size());
  }

  private static Stream<String> collectors(String text) {
    return Pattern.compile("-XX:\\+Use(\\w+)GC").matcher(text).results().map(DockerfileTest::first);
  }

  private static String first(MatchResult found) {
    return found.group(1);
  }
}

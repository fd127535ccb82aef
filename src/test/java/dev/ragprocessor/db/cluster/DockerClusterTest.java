package dev.ragprocessor.db.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for Docker's command line that writes down how it was called. */
class DockerClusterTest {
  @TempDir Path directory;

  @Test
  void the_command_line_publishes_on_loopback_only_and_names_no_password() {
    assertThat(DockerEngine.run("rag-processor-dev-1", 5544, Lifetime.KEPT))
        .startsWith("run", "--detach", "--rm", "--name=rag-processor-dev-1")
        .contains(
            "--publish=127.0.0.1:5544:5432",
            "--env=POSTGRES_PASSWORD",
            "--volume=rag-processor-dev-1:/var/lib/postgresql/data")
        .containsSubsequence("pgvector/pgvector:pg17", "postgres", "-c", "max_connections=100")
        .doesNotContain("fsync=off");
    assertThat(DockerEngine.run("rag-processor-test-1", 5544, Lifetime.SCRATCH))
        .contains("fsync=off")
        .noneMatch(word -> word.startsWith("--volume"));
  }

  @Test
  void an_engine_that_does_not_answer_is_no_engine() throws IOException {
    assertThat(new DockerEngine(List.of(directory)).obstacle()).contains("no docker on the PATH");
    docker("exit 1");
    assertThat(new DockerEngine(List.of(directory)).obstacle())
        .contains("'docker info' reaches no engine");
    docker("exit 0");
    assertThat(new DockerEngine(List.of(directory)).obstacle()).isEmpty();
  }

  @Test
  void a_container_whose_server_never_answers_is_stopped_again() throws IOException {
    Path calls = directory.resolve("calls");
    docker(
        """
        echo "$@" >>%s
        [ "$1" = run ] && echo "$POSTGRES_PASSWORD" >%s
        [ "$1" != image ]
        """
            .formatted(calls, directory.resolve("seen")));
    ClusterSettings settings =
        new ClusterSettings("dev", directory.resolve("home"), Lifetime.KEPT, Install.NEVER);
    List<String> progress = new ArrayList<>();

    assertThatThrownBy(
            () ->
                DockerCluster.start(
                    new DockerEngine(List.of(directory)),
                    settings,
                    progress::add,
                    Duration.ofSeconds(1)))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("did not answer within 1 s");

    String container = DockerCluster.container(settings);
    assertThat(progress).first().asString().startsWith("Downloading the image");
    List<String> called = Files.readAllLines(calls);
    assertThat(called.stream().map(line -> line.split(" ", 2)[0]))
        .containsExactly("image", "pull", "rm", "run", "stop");
    assertThat(called.getLast()).endsWith(container);
    String password = Files.readString(directory.resolve("home/dev/password")).strip();
    assertThat(Files.readString(directory.resolve("seen")).strip()).isEqualTo(password);
    assertThat(String.join("\n", called)).doesNotContain(password);
    assertThat(directory.resolve("home/dev/owner")).doesNotExist();
  }

  private void docker(String script) throws IOException {
    FakeProgram.write(directory.resolve("docker"), script);
  }
}

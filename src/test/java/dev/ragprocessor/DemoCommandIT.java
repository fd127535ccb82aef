package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn -Pdemo} runs, with a PostgreSQL of its own. */
class DemoCommandIT {
  @TempDir Path directory;

  @Test
  void the_demo_shows_everything_and_leaves_no_server_behind()
      throws IOException, InterruptedException {
    Path mine = Files.createDirectories(directory.resolve("buckets/library/shop"));
    Files.writeString(mine.resolve("price-list.csv"), "Product,Price\nMine,1\n");
    try (OwnProcess process =
        OwnProcess.start(
            Map.of("PORT", "0", "RAG_SERVER_ADMIN_PORT", "0"),
            "demo",
            "--directory",
            directory.toString())) {
      process.await(Pattern.compile("Ctrl-C ends everything"));
      assertThat(process.said())
          .contains("9 sample files")
          .contains("gs://library/baking/sourdough-handbook.pdf  (page 1")
          .contains("The pool at rest: 0 active, 8 of 8 permits free")
          .contains("curl -s http://127.0.0.1:")
          .doesNotContain("not done yet", " WARN ", " ERROR ");
      Path server =
          Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-demo-" + process.pid());
      assertThat(server).exists();

      assertThat(process.terminate(20)).isEqualTo(143);
      assertThat(server.resolve("demo")).doesNotExist();
      assertThat(mine.resolve("price-list.csv")).content().contains("Mine");
    }
  }

  @Test
  void what_maven_runs_ends_with_maven() throws IOException {
    ProcessHandle demo;
    Path server;
    try (OwnProcess maven =
        OwnProcess.startBelowShell(
            Map.of("PORT", "0", "RAG_SERVER_ADMIN_PORT", "0"),
            "demo",
            "--with-parent",
            "--directory",
            directory.toString())) {
      maven.await(Pattern.compile("PostgreSQL \\d+ runs on"));
      demo = ProcessHandle.of(maven.pid()).orElseThrow().children().findFirst().orElseThrow();
      server = Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-demo-" + demo.pid());
      assertThat(server.resolve("demo")).exists();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !demo.isAlive() && Files.notExists(server.resolve("demo")));
  }
}

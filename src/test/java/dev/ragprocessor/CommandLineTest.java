package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_names_every_command_and_every_exit_status() {
    assertThat(run("--help")).isEqualTo(Exit.DONE);
    assertThat(out.toString())
        .contains("serve", "ingest", "search", "jobs", "documents", "replay")
        .contains("migrate", "demo", "leak-demo")
        .contains("Exit status", "configuration is wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "ingest",
        "search",
        "jobs",
        "documents",
        "replay",
        "migrate",
        "demo",
        "leak-demo"
      })
  void every_command_explains_itself(String command) {
    assertThat(run(command, "--help")).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("Usage: rag-processor " + command, "--config", "--set");
  }

  @Test
  void no_command_is_a_mistake() {
    assertThat(run()).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("A command is missing", "Usage");
  }

  @Test
  void an_unknown_command_is_a_mistake() {
    assertThat(run("serv")).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("serve");
  }

  @Test
  void a_wrong_value_is_told_without_a_stack() {
    assertThat(run("serve", "--set", "server.port=many")).isEqualTo(Exit.USAGE);
    assertThat(err.toString())
        .contains("server.port = 'many' (command line): allowed is integer, 0 to 65535")
        .doesNotContain("\tat ");
  }

  @Test
  void a_database_that_is_not_there_has_its_own_status_and_shows_no_password() {
    int status =
        run("jobs", "--set", "database.url=postgres://someone:hunter2@127.0.0.1:1/nothing");
    assertThat(status).isEqualTo(Exit.UNAVAILABLE);
    assertThat(err.toString()).contains("127.0.0.1:1").doesNotContain("hunter2", "\tat ");
  }

  @Test
  void the_version_is_told() {
    assertThat(run("--version")).isEqualTo(Exit.DONE);
    assertThat(out.toString()).startsWith("rag-processor ");
  }

  private int run(String... arguments) {
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, Map.of());
    return RagProcessor.commandLine(terminal).execute(arguments);
  }
}

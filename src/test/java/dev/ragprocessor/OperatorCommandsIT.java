package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does to jobs and documents by commands, over the database itself. */
class OperatorCommandsIT {
  private static final String GOOD = "gs://mixed/good.txt";
  private static final String EMPTY = "gs://mixed/empty.txt";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String database = "";

  @BeforeEach
  void ingestOneGoodAndOneBad() throws SQLException, IOException {
    database = TestDatabases.migrated();
    Path bucket = Files.createDirectories(directory.resolve("mixed"));
    Files.writeString(bucket.resolve("good.txt"), "The mill turns again.");
    Files.writeString(bucket.resolve("empty.txt"), "");
    assertThat(run("ingest", bucket.toString())).isEqualTo(Exit.FAILED);
  }

  @Test
  void jobs_are_listed_by_status_and_shown_with_their_attempts() {
    assertThat(run("jobs", "list", "--status", "error")).isEqualTo(Exit.DONE);
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .startsWith("error")
        .contains(EMPTY);

    assertThat(run("jobs", "show", EMPTY)).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("status        error").contains("reason ");

    assertThat(run("jobs", "show", "gs://mixed/unknown.txt")).isEqualTo(Exit.FAILED);
    assertThat(out.toString()).contains("has no such job");
  }

  @Test
  void a_job_that_failed_is_retried_and_one_that_succeeded_is_not() {
    assertThat(run("jobs", "retry", EMPTY)).as(err.toString()).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains(EMPTY + ": due at once");
    assertThat(run("jobs", "list", "--status", "retry_pending")).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains(EMPTY);

    assertThat(run("jobs", "cancel", EMPTY)).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains(EMPTY + ": cancelled");

    assertThat(run("jobs", "retry", GOOD)).isEqualTo(Exit.FAILED);
    assertThat(out.toString()).contains(GOOD + ": not done: the job has succeeded");
  }

  @Test
  void a_document_is_listed_shown_reprocessed_and_deleted_for_good() {
    assertThat(run("documents", "--prefix", "gs://mixed/good")).isEqualTo(Exit.DONE);
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .startsWith("completed")
        .contains("1 passages")
        .contains(GOOD);
    assertThat(run("documents", "show", GOOD)).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("type          text/plain");

    assertThat(run("documents", "reprocess", GOOD)).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains(GOOD + ": to be processed again");

    assertThat(run("documents", "delete", GOOD)).isEqualTo(Exit.DONE);
    assertThat(run("documents", "show", GOOD)).isEqualTo(Exit.FAILED);
    run("ingest", directory.resolve("mixed").toString());
    assertThat(run("documents", "show", GOOD)).as("the same generation").isEqualTo(Exit.FAILED);
  }

  @Test
  void another_tenants_are_not_there() {
    String other = "11111111-1111-4111-8111-111111111111";

    assertThat(run("documents", "--tenant", other)).isEqualTo(Exit.DONE);
    assertThat(out.toString()).isEmpty();
    assertThat(run("documents", "delete", "--tenant", other, GOOD)).isEqualTo(Exit.FAILED);
    assertThat(run("documents", "show", GOOD)).isEqualTo(Exit.DONE);
  }

  @Test
  void what_is_neither_an_id_nor_a_path_is_a_usage_error() {
    assertThat(run("jobs", "retry", "everything")).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("neither an id nor a gs:// path");
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(
        List.of(
            "--set",
            "database.url=" + database,
            "--set",
            "bucket.directory=" + directory,
            "--set",
            "embedder.kind=stub",
            "--set",
            "log.level=error"));
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, Map.of());
    return RagProcessor.commandLine(terminal).execute(line.toArray(String[]::new));
  }
}

package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestCommandIT {
  private static final int FILES = 500;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String database = "";

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabases.create();
  }

  @Test
  void five_hundred_files_are_all_processed_and_none_twice() throws IOException, SQLException {
    Path bucket = Files.createDirectories(directory.resolve("many"));
    for (int number = 0; number < FILES; number++) {
      Files.writeString(
          bucket.resolve("note-%03d.txt".formatted(number)),
          "Note number %d is about the heron at pond %d.".formatted(number, number * 7));
    }
    long before = heap();
    assertThat(run("ingest", bucket.toString())).as(err + "\n" + out).isEqualTo(Exit.DONE);
    long after = heap();

    assertThat(out.toString()).contains("500 objects: 500 up to date, 0 failed");
    assertThat(err.toString()).contains("objects: 500 of 500 (100 %)");
    assertThat(number("SELECT count(*) FROM documents WHERE status = 'completed'"))
        .isEqualTo(FILES);
    assertThat(number("SELECT count(*) FROM document_chunks")).isEqualTo(FILES);
    assertThat(number("SELECT count(DISTINCT document_id) FROM document_chunks")).isEqualTo(FILES);
    assertThat(
            number(
                "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM job_attempts GROUP BY"
                    + " job_id) a"))
        .isLessThanOrEqualTo(1);
    assertThat(after - before).as("bytes of heap that stay").isLessThan(64L << 20);

    out.getBuffer().setLength(0);
    assertThat(run("ingest", bucket.toString())).isEqualTo(Exit.DONE);
    assertThat(number("SELECT count(*) FROM document_chunks")).isEqualTo(FILES);

    out.getBuffer().setLength(0);
    assertThat(run("search", "--limit", "1", "Which note is about pond 2800?"))
        .isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("gs://many/note-").contains("heron");

    out.getBuffer().setLength(0);
    assertThat(run("jobs", "--limit", "3")).isEqualTo(Exit.DONE);
    assertThat(out.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("processed"));
  }

  @Test
  void a_failure_is_told_with_its_reason_and_the_exit_status() throws IOException {
    Path bucket = Files.createDirectories(directory.resolve("mixed"));
    Files.writeString(bucket.resolve("good.txt"), "The mill turns again.");
    Files.writeString(bucket.resolve("empty.txt"), "");
    assertThat(run("ingest", bucket.toString())).isEqualTo(Exit.FAILED);
    assertThat(out.toString())
        .contains("gs://mixed/empty.txt: ")
        .contains("2 objects: 1 up to date, 1 failed");
  }

  @Test
  void one_file_is_meant_alone() throws IOException, SQLException {
    Path bucket = Files.createDirectories(directory.resolve("single"));
    Files.writeString(bucket.resolve("a.txt"), "The mill turns again.");
    Files.writeString(bucket.resolve("a.txt.bak.txt"), "The mill stands still.");
    assertThat(run("ingest", bucket.resolve("a.txt").toString())).isEqualTo(Exit.DONE);
    assertThat(number("SELECT count(*) FROM documents")).isEqualTo(1);
  }

  @Test
  void a_path_outside_of_the_buckets_is_refused_with_the_remedy() {
    assertThat(run("ingest", "/nowhere/letters")).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("--set bucket.directory=/nowhere");
  }

  private int run(String... arguments) {
    PrintWriter writer = new PrintWriter(out, true);
    PrintWriter errors = new PrintWriter(err, true);
    Terminal terminal = new Terminal(writer, errors, false, Map.of("DATABASE_URL", database));
    List<String> all = new ArrayList<>();
    all.add(arguments[0]);
    all.addAll(
        List.of(
            "--set", "bucket.directory=" + directory,
            "--set", "bucket.state-directory=" + directory.resolve(".state"),
            "--set", "log.level=error"));
    all.addAll(List.of(arguments).subList(1, arguments.length));
    return RagProcessor.commandLine(terminal).execute(all.toArray(String[]::new));
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static long heap() {
    ManagementFactory.getMemoryMXBean().gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.CloudStorageStandIn;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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

/** {@code ingest --reconcile}, over a directory and over Cloud Storage. */
class ReconcileCommandIT {
  private static final String DOCUMENTS =
      "SELECT gcs_path || ' ' || status FROM documents ORDER BY gcs_path COLLATE \"C\"";
  private static final String TEXTS =
      """
      SELECT d.gcs_path || ': ' || c.content FROM document_chunks c
        JOIN documents d ON d.id = c.document_id ORDER BY 1
      """;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String database = "";

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabases.migrated();
  }

  @Test
  void a_directory_whose_events_were_lost_is_mended_both_ways() throws IOException, SQLException {
    Path bucket = Files.createDirectories(directory.resolve("letters"));
    Files.writeString(bucket.resolve("kept.txt"), "The mill turns.");
    Files.writeString(bucket.resolve("changed.txt"), "The oven is cold.");
    Files.writeString(bucket.resolve("removed.txt"), "The cat is away.");
    Files.writeString(bucket.resolve("withdrawn.txt"), "Nobody should read this.");
    assertThat(run("ingest", bucket.toString())).as(err.toString()).isEqualTo(Exit.DONE);
    assertThat(run("documents", "delete", "gs://letters/withdrawn.txt")).isEqualTo(Exit.DONE);
    Files.writeString(bucket.resolve("changed.txt"), "The oven is warm again.");
    Files.delete(bucket.resolve("removed.txt"));
    Files.writeString(bucket.resolve("new.txt"), "The swallow is back.");
    List<String> before = rows(TEXTS);

    assertThat(run("ingest", "--reconcile", "--dry-run", bucket.toString())).isEqualTo(Exit.FAILED);

    assertThat(out.toString())
        .contains("to ingest: gs://letters/changed.txt, generation ", "(the database shows 1")
        .contains("to ingest: gs://letters/new.txt, generation ", "(not in the database)")
        .contains("to delete: gs://letters/removed.txt, generation ")
        .contains("gs://letters/: 4 objects, 3 documents; 1 are as they should be")
        .contains("1 objects stay out")
        .contains("to ingest: 2, to delete: 1; nothing was done");
    assertThat(rows(TEXTS)).isEqualTo(before);

    assertThat(run("ingest", "--reconcile", bucket.toString())).isEqualTo(Exit.DONE);

    assertThat(out.toString()).contains("3 differences: 3 mended, 0 not");
    assertThat(rows(TEXTS))
        .containsExactly(
            "gs://letters/changed.txt: The oven is warm again.",
            "gs://letters/kept.txt: The mill turns.",
            "gs://letters/new.txt: The swallow is back.");
    assertThat(rows("SELECT name FROM object_tombstones ORDER BY name"))
        .as("late events find what was deleted")
        .containsExactly("removed.txt", "withdrawn.txt");

    assertThat(run("ingest", "--reconcile", "--dry-run", bucket.toString())).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("to ingest: 0, to delete: 0");
  }

  @Test
  void an_empty_listing_deletes_nothing_unless_that_is_said() throws IOException, SQLException {
    Path bucket = Files.createDirectories(directory.resolve("letters"));
    Files.writeString(bucket.resolve("only.txt"), "The mill turns.");
    run("ingest", bucket.toString());
    Files.delete(bucket.resolve("only.txt"));

    assertThat(run("ingest", "--reconcile", bucket.toString())).isEqualTo(Exit.FAILED);
    assertThat(out.toString()).contains("1 documents: none was deleted", "--allow-empty");
    assertThat(rows(TEXTS)).hasSize(1);

    assertThat(run("ingest", "--reconcile", "--allow-empty", bucket.toString()))
        .isEqualTo(Exit.DONE);
    assertThat(rows(TEXTS)).isEmpty();
  }

  @Test
  void a_bucket_that_is_not_there_deletes_nothing() throws IOException, SQLException {
    Path bucket = Files.createDirectories(directory.resolve("letters"));
    Files.writeString(bucket.resolve("only.txt"), "The mill turns.");
    run("ingest", bucket.toString());
    Files.delete(bucket.resolve("only.txt"));
    Files.delete(bucket);

    assertThat(run("ingest", "--reconcile", "--allow-empty", "gs://letters"))
        .isEqualTo(Exit.UNAVAILABLE);
    assertThat(err.toString()).contains("gs://letters: there is no folder of that name");
    assertThat(rows(TEXTS)).hasSize(1);
  }

  @Test
  void what_cannot_be_mended_is_told_and_once_it_is_recorded_it_is_no_difference()
      throws IOException {
    Path bucket = Files.createDirectories(directory.resolve("letters"));
    Files.writeString(bucket.resolve("empty.txt"), "");

    assertThat(run("ingest", "--reconcile", bucket.toString())).isEqualTo(Exit.FAILED);
    assertThat(out.toString())
        .contains("gs://letters/empty.txt: ", "1 differences: 0 mended, 1 not");

    assertThat(run("ingest", "--reconcile", bucket.toString())).isEqualTo(Exit.DONE);
  }

  @Test
  void in_cloud_storage_only_what_was_asked_for_and_is_ours_is_touched()
      throws IOException, SQLException {
    try (CloudStorageStandIn storage = new CloudStorageStandIn()) {
      storage.pageSize(2);
      String[] cloud = {
        "--set", "bucket.kind=cloud-storage",
        "--set", "bucket.endpoint=" + storage.baseUrl(),
        "--set", "ingest.buckets=letters/in/,letters/also/"
      };
      for (String name : List.of("in/a.txt", "in/b.txt", "in/c.txt", "also/d.txt")) {
        storage.put("letters", name, ("About " + name + ".").getBytes(UTF_8));
      }
      storage.put("letters", "in/", new byte[0]);
      storage.put("letters", "out/e.txt", "Not ours.".getBytes(UTF_8));
      leaveAsAnotherProgram("in/left-behind.txt", "completed", "processed");
      leaveAsAnotherProgram("in/announced.txt", "uploading", "");
      leaveAsAnotherProgram("in/at-work.txt", "processing", "processing");
      leaveAsAnotherProgram("out/theirs.txt", "completed", "processed");

      assertThat(run(cloud, "ingest", "--reconcile", "gs://letters/in/"))
          .as(err.toString())
          .isEqualTo(Exit.DONE);

      assertThat(out.toString())
          .contains("to delete: gs://letters/in/left-behind.txt, generation 0")
          .contains("gs://letters/in/: 4 objects, 3 documents; 0 are as they should be")
          .contains("1 objects are outside of ingest.buckets or stand for folders")
          .contains("2 documents without an object stay")
          .contains("4 differences: 4 mended, 0 not");
      assertThat(rows(DOCUMENTS))
          .containsExactly(
              "gs://letters/in/a.txt completed",
              "gs://letters/in/announced.txt uploading",
              "gs://letters/in/at-work.txt processing",
              "gs://letters/in/b.txt completed",
              "gs://letters/in/c.txt completed",
              "gs://letters/out/theirs.txt completed");

      storage.delete("letters", "in/b.txt");
      assertThat(run(cloud, "ingest", "--reconcile", "gs://letters")).isEqualTo(Exit.DONE);

      assertThat(out.toString()).contains("2 differences: 2 mended, 0 not");
      assertThat(rows(DOCUMENTS))
          .contains("gs://letters/also/d.txt completed", "gs://letters/out/theirs.txt completed")
          .doesNotContain("gs://letters/in/b.txt completed", "gs://letters/out/e.txt completed");
    }
  }

  @Test
  void an_object_that_the_listing_came_too_early_for_keeps_its_document()
      throws IOException, SQLException {
    try (CloudStorageStandIn storage = new CloudStorageStandIn()) {
      String[] cloud = {
        "--set", "bucket.kind=cloud-storage", "--set", "bucket.endpoint=" + storage.baseUrl()
      };
      storage.put("letters", "early.txt", "Early.".getBytes(UTF_8));
      storage.put("letters", "late.txt", "Late.".getBytes(UTF_8));
      assertThat(run(cloud, "ingest", "gs://letters")).isEqualTo(Exit.DONE);
      storage.leaveOutOfListings("late.txt");

      assertThat(run(cloud, "ingest", "--reconcile", "gs://letters")).isEqualTo(Exit.DONE);

      assertThat(out.toString()).contains("0 differences");
      assertThat(rows(TEXTS))
          .containsExactly("gs://letters/early.txt: Early.", "gs://letters/late.txt: Late.");
    }
  }

  @Test
  void a_bucket_that_cannot_say_whether_an_object_is_gone_deletes_nothing()
      throws IOException, SQLException {
    try (CloudStorageStandIn storage = new CloudStorageStandIn()) {
      String[] cloud = {
        "--set", "bucket.kind=cloud-storage", "--set", "bucket.endpoint=" + storage.baseUrl()
      };
      storage.put("letters", "kept.txt", "Kept.".getBytes(UTF_8));
      storage.put("letters", "gone.txt", "Gone.".getBytes(UTF_8));
      assertThat(run(cloud, "ingest", "gs://letters")).isEqualTo(Exit.DONE);
      storage.delete("letters", "gone.txt");
      storage.order(new CloudStorageStandIn.Fault.Chunked()); // the listing's turn
      storage.order(new CloudStorageStandIn.Fault.Status(503, "backendError", ""));

      assertThat(run(cloud, "ingest", "--reconcile", "gs://letters")).isEqualTo(Exit.UNAVAILABLE);

      assertThat(err.toString()).contains("gs://letters/gone.txt", "503");
      assertThat(rows(TEXTS)).hasSize(2);
    }
  }

  @Test
  void a_dry_run_is_one_of_a_reconciliation() {
    assertThat(run("ingest", "--dry-run", "gs://letters")).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("belong to --reconcile");
  }

  private void leaveAsAnotherProgram(String name, String status, String job) throws SQLException {
    String path = "gs://letters/" + name;
    rows(
        """
        WITH d AS (
          INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                                 file_category, gcs_bucket, gcs_path, status)
          VALUES ('%s', 'f', 'f', 1, 'text/plain', 'documents', 'letters', '%s', '%s')
          RETURNING id)
        INSERT INTO document_processing_jobs (document_id, status, file_type, file_path)
        SELECT id, '%s', 'text/plain', '%s' FROM d WHERE %s
        RETURNING file_path
        """
            .formatted(
                "00000000-0000-4000-8000-000000000001",
                path,
                status,
                job.isEmpty() ? "pending" : job,
                path,
                !job.isEmpty()));
  }

  private int run(String... arguments) {
    return run(new String[0], arguments);
  }

  private int run(String[] more, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(List.of(more));
    for (String setting :
        List.of(
            "database.url=" + database,
            "bucket.directory=" + directory,
            "bucket.state-directory=" + directory.resolve(".state"),
            "embedder.kind=stub",
            "log.level=error")) {
      line.addAll(List.of("--set", setting));
    }
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, Map.of());
    return RagProcessor.commandLine(terminal).execute(line.toArray(String[]::new));
  }

  private List<String> rows(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(found.getString(1));
      }
      return rows;
    }
  }
}

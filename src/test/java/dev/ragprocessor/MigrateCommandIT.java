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

/** Who changes the schema, where the programs that serve may not. */
class MigrateCommandIT {
  private static final String INDEX =
      """
      SELECT indexname FROM pg_indexes
       WHERE indexname LIKE 'document_chunks%hnsw' OR indexname = 'document_chunks_segment_idx'
      """;

  private final StringWriter said = new StringWriter();
  private String database = "";

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabases.create();
  }

  @Test
  void a_program_that_may_not_migrate_refuses_older_tables_and_changes_nothing() {
    assertThat(run("jobs", "--set", "database.migrate=never")).isEqualTo(Exit.UNAVAILABLE);
    assertThat(said.toString())
        .contains("The schema is at version 0", "run rag-processor migrate --index")
        .doesNotContain("\tat ");
    assertThat(rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).isEmpty();
  }

  @Test
  void it_works_on_tables_of_its_own_release_and_of_a_later_one() {
    assertThat(run("migrate")).isEqualTo(Exit.DONE);
    assertThat(run("jobs", "--set", "database.migrate=never")).isEqualTo(Exit.DONE);
    rows(
        """
        INSERT INTO flyway_schema_history
               (installed_rank, version, description, type, script, installed_by, execution_time,
                success)
        VALUES (1000, '1000', 'later', 'SQL', 'V1000__later.sql', 'test', 1, true)
        """);
    assertThat(run("jobs", "--set", "database.migrate=never")).isEqualTo(Exit.DONE);
    assertThat(run("jobs")).isEqualTo(Exit.DONE);
  }

  @Test
  void it_leaves_the_vectors_index_to_migrate_and_says_so() {
    assertThat(run("migrate")).isEqualTo(Exit.DONE);
    assertThat(run("search", "anything", "--set", "database.migrate=never")).isEqualTo(Exit.FAILED);
    assertThat(said.toString()).contains("have no index", "run rag-processor migrate --index");
    assertThat(rows(INDEX)).isEmpty();

    assertThat(run("migrate", "--index")).isEqualTo(Exit.DONE);
    assertThat(rows(INDEX)).hasSize(1);
    said.getBuffer().setLength(0);
    assertThat(run("search", "anything", "--set", "database.migrate=never")).isEqualTo(Exit.FAILED);
    assertThat(said.toString()).doesNotContain("have no index");
  }

  @Test
  void it_builds_one_index_over_all_rows_where_that_is_configured_until_segments_take_its_place() {
    String[] whole = {"--set", "index.kind=whole"};
    assertThat(run("migrate", "--index", whole[0], whole[1])).isEqualTo(Exit.DONE);
    assertThat(rows(INDEX)).containsExactly("document_chunks_text_embedding_hnsw");
    assertThat(run("index", "drop-whole", whole[0], whole[1])).isEqualTo(Exit.USAGE);

    assertThat(run("migrate", "--index")).as("nothing is dropped by it").isEqualTo(Exit.DONE);
    assertThat(run("index", "show")).isEqualTo(Exit.DONE);
    assertThat(said.toString()).contains("document_chunks_text_embedding_hnsw  all rows");

    assertThat(run("index", "drop-whole")).isEqualTo(Exit.DONE);
    assertThat(rows(INDEX)).containsExactly("document_chunks_segment_idx");
    assertThat(run("index", "drop-whole")).as("again").isEqualTo(Exit.DONE);
    assertThat(run("index", "show")).isEqualTo(Exit.DONE);
    assertThat(said.toString()).contains("in none  0 rows (open: segment 2)");
  }

  @Test
  void it_goes_back_to_one_index_over_all_rows_with_what_segments_hold(@TempDir Path directory)
      throws IOException {
    Path bucket = Files.createDirectory(directory.resolve("notes"));
    Files.writeString(bucket.resolve("heron.txt"), "The heron stands in the pond.");
    assertThat(run("ingest", bucket.toString(), "--set", "bucket.directory=" + directory))
        .isEqualTo(Exit.DONE);
    rows("SELECT nextval('chunk_segments')");
    assertThat(run("migrate", "--index")).isEqualTo(Exit.DONE);
    assertThat(rows(INDEX)).hasSize(2).anyMatch(name -> name.contains("_segment_0_"));

    assertThat(run("migrate", "--index", "--set", "index.kind=whole")).isEqualTo(Exit.DONE);

    assertThat(rows(INDEX))
        .containsExactlyInAnyOrder(
            "document_chunks_text_embedding_hnsw", "document_chunks_segment_idx");
    assertThat(run("search", "The heron stands in the pond.", "--set", "index.kind=whole"))
        .isEqualTo(Exit.DONE);
    assertThat(said.toString()).contains("gs://notes/heron.txt");
  }

  private List<String> rows(String sql) {
    return GuidePage.rows(database, sql);
  }

  private int run(String... words) {
    PrintWriter writer = new PrintWriter(said);
    Terminal terminal = new Terminal(writer, writer, false, Map.of("RAG_DATABASE_URL", database));
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--set", "embedder.kind=stub", "--set", "log.level=error"));
    return RagProcessor.commandLine(terminal).execute(all.toArray(String[]::new));
  }
}

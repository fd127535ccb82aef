package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.store.SpaceMismatchException;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cut-over guide (src/docs/from-python.md), step by step, on a database that the Python service
 * left, beside a writer that goes on as that service does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdoptionIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ANNA = PythonWriter.ANNA;
  private static final String BEN = "33333333-3333-4333-8333-333333333333";
  private static final String NOBODY = "99999999-9999-4999-8999-999999999999";
  private static final String OURS = "gs://letters/" + ANNA;

  private static final String SCHEMA =
      """
      SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE '%match\\_%' OR proname LIKE 'rag\\_%'
      ORDER BY 1
      """;
  private static final String COLUMNS =
      """
      SELECT table_name || '.' || column_name FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY 1
      """;

  /** Every row that is the Python service's, with what changes when anybody writes it. */
  private static final String THEIRS =
      """
      SELECT gcs_path || ' ' || xmin || ' ' || ctid FROM documents WHERE gcs_bucket = 'bucket'
      UNION ALL SELECT file_path || ' ' || xmin || ' ' || ctid FROM document_processing_jobs
        WHERE file_path LIKE 'gs://bucket/%'
      UNION ALL SELECT c.id || ' ' || c.xmin || ' ' || c.ctid FROM document_chunks c
        JOIN documents d ON d.id = c.document_id WHERE d.gcs_bucket = 'bucket'
      ORDER BY 1
      """;

  @TempDir static Path directory;
  private String url = "";
  private List<String> schema = List.of();
  private List<String> columns = List.of();
  private List<String> theirs = List.of();
  private List<String> functions = List.of();
  private GuidePage guide;
  private GeminiStandIn gemini;
  private PythonWriter python;
  private @Nullable Running running;

  @BeforeAll
  void adopt() throws SQLException, IOException {
    url = TestDatabases.create();
    TestDatabases.leaveAsThePythonServiceDoes(url);
    schema = rows(SCHEMA);
    columns = rows(COLUMNS);
    theirs = rows(THEIRS);
    guide = new GuidePage();
    gemini = GeminiStandIn.start();
    python = new PythonWriter(url, gemini);
  }

  @AfterAll
  void close() {
    if (running != null) {
      running.close();
    }
    gemini.close();
  }

  @Test
  @Order(1)
  void step_1_shows_what_there_is() {
    assertThat(guide.run(url, "requirements")).containsExactly("t|t|t");
    assertThat(guide.run(url, "inventory")).containsExactly("5|2|2|1|1");
    functions = guide.run(url, "functions");
    assertThat(functions).hasSize(2);
  }

  @Test
  @Order(2)
  void step_2_adds_what_it_says_beside_a_service_at_work() {
    python.start();
    await().atMost(SOON).until(() -> python.rounds() >= 2);

    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said, true);
    Terminal terminal = new Terminal(writer, writer, false, Map.of("DATABASE_URL", url));
    assertThat(RagProcessor.commandLine(terminal).execute("migrate")).as(said + "").isZero();

    List<String> told = new ArrayList<>();
    for (String row : guide.run(url, "added")) {
      String[] table = row.split("\\|", 2);
      Arrays.stream(table[1].split(", ")).map(name -> table[0] + "." + name).forEach(told::add);
    }
    List<String> added = new ArrayList<>(rows(COLUMNS));
    added.removeAll(columns);
    assertThat(told).as("the page names everything").containsExactlyInAnyOrderElementsOf(added);
    assertThat(rows(THEIRS)).as("no row was rewritten").isEqualTo(theirs);
    awaitRound();
  }

  @Test
  @Order(3)
  void step_3_refuses_vectors_whose_model_nobody_names() {
    assertThatThrownBy(() -> start(Map.of("embedder.adopted-model", "")))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("embedder.adopted-model");
    assertThatThrownBy(() -> start(Map.of("embedder.multimodal.adopted-model", "")))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("embedder.multimodal.adopted-model");
  }

  @Test
  @Order(4)
  void step_4_processes_what_the_web_application_announced_and_keeps_its_owner_and_names()
      throws IOException {
    start(Map.of());
    drop(ANNA + "/angebot.txt", "The offer for the greenhouse ends on Friday.");
    awaitStatus("angebot.txt", "completed");

    assertThat(
            rows(
                """
                SELECT d.id, d.user_id, d.filename, d.original_filename, c.user_id
                  FROM documents d JOIN document_chunks c ON c.document_id = d.id
                 WHERE d.gcs_path LIKE '%/angebot.txt'
                """))
        .containsExactly(
            "77777777-7777-4777-8777-777777777777|%s|angebot.txt|Angebot für Anna.txt|%s"
                .formatted(BEN, BEN));
  }

  @Test
  @Order(5)
  void step_4_rejects_an_object_of_nobody_with_that_reason() throws IOException {
    drop(NOBODY + "/secret.txt", "Whose is this?");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(guide.run(url, "failures"))
                    .singleElement()
                    .asString()
                    .startsWith("gs://letters/" + NOBODY + "/secret.txt|")
                    .contains("no user", "documents_user_id_users_id_fk"));
    assertThat(rows("SELECT 1 FROM documents WHERE gcs_path LIKE '%/secret.txt'")).isEmpty();
  }

  @Test
  @Order(6)
  void step_4_keeps_the_size_of_a_file_that_their_column_cannot_hold() throws IOException {
    long size = 3L << 30;
    Path file = running().file(ANNA + "/film.txt");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    awaitStatus("film.txt", "error");
    assertThat(
            rows("SELECT file_size, object_size FROM documents WHERE gcs_path LIKE '%/film.txt'"))
        .as("%s has 3 GiB".formatted(file))
        .containsAnyOf("2147483647|" + size);
    assertThat(guide.run(url, "failures")).hasSize(2);
  }

  @Test
  @Order(7)
  void step_4_leaves_what_is_outside_of_its_prefixes() throws IOException {
    drop("private/diary.txt", "Not for you.");
    drop(ANNA + "/after.txt", "The diary is private.");
    awaitStatus("after.txt", "completed");
    assertThat(rows("SELECT 1 FROM documents WHERE gcs_path LIKE '%/diary.txt'")).isEmpty();
  }

  @Test
  @Order(8)
  void step_4_sweeps_jobs_of_its_own_and_never_theirs() {
    // As a replica of ours leaves it that was killed in the middle.
    rows(
        """
        UPDATE documents SET generation = generation - 1 WHERE gcs_path LIKE '%/angebot.txt';
        UPDATE document_processing_jobs
           SET status = 'processing', lease_owner = 'dead', lease_until = now() - interval '1 h'
         WHERE file_path LIKE '%/angebot.txt'
        """);
    await()
        .atMost(SOON)
        .until(
            () ->
                rows("SELECT 1 FROM document_processing_jobs WHERE file_path LIKE '%/angebot.txt'"
                            + " AND status = 'processed'")
                        .size()
                    == 1);
    assertThat(rows(THEIRS)).as("rows of the Python service").isEqualTo(theirs);
    assertThat(guide.run(url, "shares"))
        .anyMatch(row -> row.startsWith("python|processing|"))
        .anyMatch(row -> row.startsWith("python|processed|"))
        .anyMatch(row -> row.startsWith("rag-processor|processed|2|"))
        .anyMatch(row -> row.startsWith("rag-processor|error|1|"));
    assertThat(guide.run(url, "both")).isEmpty();
  }

  @Test
  @Order(9)
  void step_5_both_find_what_either_has_stored() throws IOException {
    drop(ANNA + "/snakes.txt", "A python of ours sleeps in basket 4711.");
    awaitStatus("snakes.txt", "completed");
    awaitRound();

    assertThat(python.search("python of ours in basket 4711"))
        .anyMatch(text -> text.contains("basket 4711"))
        .anyMatch(text -> text.startsWith("The python number"));
    assertThat(
            running()
                .application()
                .instance()
                .search(tenant(ANNA), "python sleeps in basket", 50)
                .found())
        .extracting(Instance.Found::text)
        .anyMatch(text -> text.contains("basket 4711"))
        .anyMatch(text -> text.startsWith("The python number"));
    assertThat(guide.run(url, "passages"))
        .contains("snakes.txt|0|1", "Nummer 1.txt|1|0")
        .noneMatch(row -> row.endsWith("|1|1"));
  }

  @Test
  @Order(10)
  void step_6_shows_what_the_python_service_left_behind() {
    assertThat(guide.run(url, "left"))
        .filteredOn(row -> row.startsWith("gs://bucket/"))
        .extracting(row -> row.substring(0, row.lastIndexOf('|')))
        .containsExactlyInAnyOrder(
            "gs://bucket/film.mp4|processing", "gs://bucket/ton.mp3|retry_pending");
  }

  @Test
  @Order(11)
  void step_7_goes_back_with_everything_found_and_no_job_of_ours_at_work() {
    running().close();
    awaitRound();
    rows(
        """
        UPDATE document_processing_jobs SET status = 'retry_pending', next_attempt_at = now()
         WHERE file_path LIKE '%/after.txt'
        """);
    assertThat(guide.run(url, "unfinished")).containsExactly(OURS + "/after.txt");
    assertThat(guide.run(url, "unfinished")).isEmpty();
    assertThat(python.search("python of ours in basket 4711"))
        .anyMatch(text -> text.contains("basket 4711"));
    rows("DELETE FROM documents WHERE gcs_path LIKE '%/snakes.txt'");
    assertThat(python.search("python of ours in basket 4711"))
        .noneMatch(text -> text.contains("basket 4711"));
  }

  @Test
  @Order(12)
  void step_7_removes_every_trace() {
    python.close();
    guide.run(url, "remove");
    rows(String.join("\n", functions));

    assertThat(rows(SCHEMA)).as("the page removes everything").isEqualTo(schema);
    assertThat(rows(THEIRS)).isEqualTo(theirs);
    try (PythonWriter again = new PythonWriter(url, gemini)) {
      rows("DELETE FROM documents WHERE gcs_bucket = 'python'");
      again.round();
    }
    assertThat(guide.untried()).as("SQL of the page that no step ran").isEmpty();
  }

  private void start(Map<String, String> changes) throws IOException {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "embedder.kind", "gemini",
                "embedder.gemini.api-key", GeminiStandIn.KEY,
                "embedder.gemini.base-url", gemini.baseUrl(),
                "embedder.gemini.model", "gemini-embedding-001",
                "embedder.adopted-model", "gemini-embedding-001",
                "embedder.multimodal.adopted-model", "gemini-embedding-2",
                "ingest.buckets", "letters/%s/,letters/%s/".formatted(ANNA, NOBODY),
                "ingest.sweep-interval", "100 ms"));
    values.putAll(changes);
    running = Running.over(url, directory, values);
  }

  private Running running() {
    return Objects.requireNonNull(running, "the step that starts it has failed");
  }

  private void drop(String name, String text) throws IOException {
    Files.createDirectories(running().file(name).getParent());
    running().drop(name, text.getBytes(UTF_8));
  }

  private void awaitStatus(String file, String status) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        rows("SELECT status FROM documents WHERE gcs_path LIKE '%/" + file + "'"))
                    .containsExactly(status));
  }

  /** Waits until the Python service has been through a whole file from now on. */
  private void awaitRound() {
    int now = python.rounds();
    await().atMost(SOON).until(() -> python.rounds() >= now + 2);
  }

  private List<String> rows(String sql) {
    return GuidePage.rows(url, sql);
  }

  private static TenantId tenant(String id) {
    return new TenantId(UUID.fromString(id));
  }
}

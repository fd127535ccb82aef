package dev.ragprocessor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The schema on an empty database and on one that the Python service and its web application left.
 */
class SchemaIT {
  private static final int ROUNDS = 6;
  private static final int REPLICAS = 6;
  private static final String MIGRATIONS = "classpath:db/migration";
  private static final Space MINILM = new Space("all-MiniLM-L6-v2-q", 384, "retrieval");
  private static final Space GEMINI = new Space("gemini-embedding-001", 768, "retrieval");

  private DatabaseSettings settings;
  private Database database;

  @BeforeEach
  void open() throws Exception {
    settings = DatabaseSettings.of(TestDatabases.create());
    database = Database.open(settings, new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void an_empty_database_gets_every_table_and_a_second_run_changes_nothing() {
    assertThat(Migrations.run(settings, MIGRATIONS)).isPositive();
    assertThat(Migrations.run(settings, MIGRATIONS)).isZero();

    assertThat(tables())
        .contains(
            "documents",
            "document_processing_jobs",
            "document_chunks",
            "embedding_spaces",
            "object_tombstones",
            "rejected_objects",
            "job_attempts");
  }

  @Test
  void replicas_that_start_together_migrate_once() throws Exception {
    // The moment in which one can disturb another is short: several databases, all at once each.
    for (int round = 0; round < ROUNDS; round++) {
      DatabaseSettings fresh = DatabaseSettings.of(TestDatabases.create());
      CyclicBarrier together = new CyclicBarrier(REPLICAS);
      Callable<Integer> start =
          () -> {
            together.await(30, TimeUnit.SECONDS);
            return Migrations.run(fresh, MIGRATIONS);
          };
      try (ExecutorService replicas = Executors.newFixedThreadPool(REPLICAS)) {
        List<Integer> ran = new ArrayList<>();
        for (Future<Integer> replica : replicas.invokeAll(Collections.nCopies(REPLICAS, start))) {
          ran.add(replica.get());
        }
        assertThat(ran).filteredOn(migrations -> migrations > 0).hasSize(1);
      }
    }
  }

  @Test
  void an_adopted_database_keeps_its_rows_names_and_functions() throws Exception {
    leaveAsThePythonServiceDoes();

    Migrations.run(settings, MIGRATIONS);

    assertThat(value("SELECT original_filename FROM documents WHERE filename = 'notizen.txt'"))
        .isEqualTo("Meine Notizen.txt");
    assertThat(value("SELECT content FROM document_chunks WHERE text_embedding IS NOT NULL"))
        .isEqualTo("alter Text");
    assertThat(count("SELECT count(*) FROM pg_proc WHERE proname = 'match_text_chunks'"))
        .isEqualTo(1);
    assertThat(
            count(
                "SELECT count(*) FROM pg_indexes WHERE tablename = 'documents' AND indexdef LIKE"
                    + " '%(status)'"))
        .isEqualTo(1);
  }

  @Test
  void a_function_of_another_shape_stays_and_ours_gets_a_prefix() throws Exception {
    leaveAsThePythonServiceDoes();
    execute("DROP FUNCTION match_multimodal_chunks");
    execute(
        """
        CREATE FUNCTION match_multimodal_chunks(vector, uuid, double precision, integer)
        RETURNS integer LANGUAGE sql AS 'SELECT 1'
        """);

    Migrations.run(settings, MIGRATIONS);

    assertThat(
            value(
                """
                SELECT string_agg(proname, ',' ORDER BY proname) FROM pg_proc
                 WHERE proname LIKE '%match_multimodal_chunks'
                """))
        .isEqualTo("match_multimodal_chunks,rag_match_multimodal_chunks");
  }

  @Test
  void a_search_finds_as_many_as_asked_for_although_others_are_nearer_in_the_index()
      throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);
    execute(
        """
        INSERT INTO document_chunks
               (user_id, document_id, content, chunk_index, metadata, text_embedding)
        SELECT u.id, d.id, 'chunk ' || n, n, '{}',
               CAST(CAST(ARRAY[cos(n / 100.0), sin(n / 100.0)]
                         || array_fill(CAST(0 AS double precision), ARRAY[766]) AS real[]) AS vector)
          FROM generate_series(1, 130) n
          JOIN users u ON (n > 120) = (u.id = '33333333-3333-4333-8333-333333333333')
          CROSS JOIN (SELECT id FROM documents LIMIT 1) d
        """);
    String onlyByIndex =
        "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; ";
    String found =
        """
        SELECT count(*) FROM match_text_chunks(
          CAST(CAST(ARRAY[1.0] || array_fill(0.0, ARRAY[767]) AS real[]) AS vector),
          '33333333-3333-4333-8333-333333333333', -1, 10)
        """;
    try (Connection connection = DriverManager.getConnection(settings.endpoint().jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(onlyByIndex);
      try (ResultSet rows = statement.executeQuery(found)) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(10);
      }
    }
  }

  @Test
  void the_python_services_writes_still_work_afterwards() throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);

    execute(
        """
        INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                               file_category, gcs_bucket, gcs_path)
        SELECT id, 'b', 'b', 1, 'text/plain', 'documents', 'bucket', 'gs://bucket/b'
          FROM users LIMIT 1
        """);

    assertThat(value("SELECT status::text FROM documents WHERE gcs_path = 'gs://bucket/b'"))
        .isEqualTo("uploading");
  }

  @Test
  void a_table_in_use_is_waited_for_without_keeping_its_readers_waiting() throws Exception {
    leaveAsThePythonServiceDoes();
    CompletableFuture<Integer> migration;
    // Longer than a lock's timeout: whoever read behind a migration that waits would wait as long.
    try (Connection reader = DriverManager.getConnection(settings.endpoint().jdbcUrl());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM documents");
      migration = CompletableFuture.supplyAsync(() -> Migrations.run(settings, MIGRATIONS));
      await().atMost(Duration.ofSeconds(10)).until(() -> waitsForALock("ALTER TABLE documents%"));
      assertThat(count("SELECT count(*) FROM documents")).isPositive();
      await().atMost(Duration.ofSeconds(10)).until(() -> !waitsForALock("ALTER TABLE documents%"));
      assertThat(migration).isNotDone();
    }
    assertThat(migration.get(30, TimeUnit.SECONDS)).isPositive();
  }

  @Test
  void vectors_whose_model_nobody_named_refuse_the_start_and_name_the_setting() throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);

    assertThatThrownBy(() -> activate(MINILM, ""))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("embedder.adopted-model");
  }

  @Test
  void vectors_whose_model_is_named_are_of_its_space_and_their_rows_untouched() throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);
    String rows = "SELECT string_agg(id::text || xmin::text, ',' ORDER BY id) FROM document_chunks";
    String before = value(rows);

    ActiveSpace space = activate(GEMINI, GEMINI.model());

    assertThat(space.adopted()).isTrue();
    assertThat(value(rows)).isEqualTo(before);
    assertThat(activate(GEMINI, "").adopted()).as("once named, it is known").isTrue();
  }

  @Test
  void a_model_that_is_named_later_adopts_what_comes_later() {
    Migrations.run(settings, MIGRATIONS);
    assertThat(activate(GEMINI, "").adopted()).isFalse();
    assertThat(activate(GEMINI, GEMINI.model()).adopted()).isTrue();
  }

  @Test
  void another_model_with_a_column_of_its_own_may_stand_beside_adopted_vectors() throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);

    assertThat(activate(MINILM, "text-embedding-005").adopted()).isFalse();
  }

  @Test
  void another_model_of_as_many_dimensions_may_not() throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);

    assertThatThrownBy(() -> activate(GEMINI, "text-embedding-005"))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("text-embedding-005")
        .hasMessageContaining("rag-processor reindex");
  }

  @Test
  void another_model_or_other_dimensions_refuse_the_start_and_name_both_remedies() {
    Migrations.run(settings, MIGRATIONS);
    activate(MINILM, "");

    assertThatThrownBy(() -> activate(GEMINI, ""))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("all-MiniLM-L6-v2-q")
        .hasMessageContaining("384")
        .hasMessageContaining("gemini-embedding-001")
        .hasMessageContaining("768")
        .hasMessageContaining("embedder.kind")
        .hasMessageContaining("rag-processor reindex");
  }

  @Test
  void an_old_pgvector_refuses_the_start_and_says_how_to_update_it() {
    Migrations.run(settings, MIGRATIONS);
    execute("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'");

    assertThatThrownBy(() -> activate(MINILM, ""))
        .isInstanceOf(SpaceMismatchException.class)
        .hasMessageContaining("0.7.4")
        .hasMessageContaining("ALTER EXTENSION vector UPDATE");
  }

  @Test
  void the_same_model_is_activated_as_often_as_one_likes() {
    Migrations.run(settings, MIGRATIONS);

    assertThat(activate(MINILM, "")).isEqualTo(activate(MINILM, ""));
  }

  @Test
  void a_space_gets_one_index_over_its_own_vectors() {
    Migrations.run(settings, MIGRATIONS);
    ActiveSpace active = activate(MINILM, "");

    Migrations.build(settings, "vector index", () -> indexStatements(active));

    assertThat(indexStatements(active)).isEmpty();
    assertThat(value("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%hnsw%'"))
        .contains("vector(384)")
        .contains("text_space = " + active.id());
  }

  @Test
  void replicas_that_want_the_same_index_build_it_once() {
    Migrations.run(settings, MIGRATIONS);
    ActiveSpace active = activate(GEMINI, "");
    Runnable build =
        () -> Migrations.build(settings, "vector index", () -> indexStatements(active));

    CompletableFuture<Void> other = CompletableFuture.runAsync(build);
    build.run();
    other.join();

    assertThat(count("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%hnsw%'")).isEqualTo(1);
  }

  @Test
  void an_index_that_was_left_unfinished_is_built_again() {
    Migrations.run(settings, MIGRATIONS);
    ActiveSpace active = activate(MINILM, "");
    Runnable build =
        () -> Migrations.build(settings, "vector index", () -> indexStatements(active));
    build.run();
    execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'document_chunks_space_"
            + active.id()
            + "_hnsw'::regclass");

    build.run();

    assertThat(indexStatements(active)).isEmpty();
  }

  @Test
  void an_adopted_index_serves_and_no_second_is_built() throws Exception {
    leaveAsThePythonServiceDoes();
    Migrations.run(settings, MIGRATIONS);

    assertThat(indexStatements(activate(GEMINI, GEMINI.model()))).isEmpty();
  }

  private List<String> indexStatements(ActiveSpace space) {
    return database.execute(db -> Spaces.indexStatements(db, space));
  }

  private void leaveAsThePythonServiceDoes() throws Exception {
    TestDatabases.leaveAsThePythonServiceDoes(settings.endpoint().jdbcUrl());
  }

  private boolean waitsForALock(String query) {
    return count(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND datname = current_database() AND query LIKE '%"
                + query
                + "'")
        > 0;
  }

  private ActiveSpace activate(Space space, String adoptedModel) {
    return database.inTransaction(db -> Spaces.activate(db, space, adoptedModel));
  }

  private List<String> tables() {
    return database.execute(
        db ->
            db.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                .map(row -> row.column(1).get(String.class))
                .toList());
  }

  private String value(String sql) {
    return database.execute(
        db -> db.get(sql).map(row -> row.column(1).get(String.class)).orElseThrow());
  }

  private long count(String sql) {
    return database.<Long, RuntimeException>execute(
        db -> db.get(sql).map(row -> row.column(1).get(Number.class).longValue()).orElseThrow());
  }

  private void execute(String sql) {
    database.execute(db -> db.dml(sql));
  }
}

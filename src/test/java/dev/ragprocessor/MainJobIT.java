package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.Pdfs;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The main job, end to end: files are dropped into a directory, and found over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainJobIT {
  private static final Duration FOUND = Duration.ofSeconds(5);

  @TempDir static Path directory;
  private Running running;

  @BeforeAll
  void start() throws IOException, SQLException {
    running = Running.over(TestDatabases.create(), directory, Map.of());
    // The first file loads the parsers; the five seconds are for a program that serves already.
    running.drop("warm-up.pdf", Pdfs.of("Nothing to see here."));
    running.ended("warm-up.pdf");
  }

  @AfterEach
  void everything_is_given_back() {
    running.atRest();
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void a_dropped_pdf_is_found_and_follows_its_file() throws IOException {
    String question = "Where is the key of the boat house?";
    running.drop(
        "keys.pdf",
        Pdfs.of("The cellar is dry.", "The key of the boat house hangs behind the clock."));
    Awaitility.await()
        .atMost(FOUND)
        .untilAsserted(
            () ->
                assertThat(running.search(question))
                    .first()
                    .asString()
                    .contains("behind the clock"));

    running.drop("keys.pdf", Pdfs.of("The key of the boat house lies under the blue pot."));
    Awaitility.await()
        .atMost(FOUND)
        .untilAsserted(
            () ->
                assertThat(running.search(question))
                    .anyMatch(text -> text.contains("under the blue pot"))
                    .noneMatch(text -> text.contains("behind the clock"))
                    .noneMatch(text -> text.contains("cellar is dry")));

    running.remove("keys.pdf");
    Awaitility.await()
        .atMost(FOUND)
        .untilAsserted(
            () -> {
              assertThat(running.search(question)).noneMatch(text -> text.contains("boat house"));
              assertThat(count("document_chunks", "gs://letters/keys.pdf")).isZero();
            });
  }

  @Test
  void an_empty_file_is_recorded_with_its_reason() throws IOException {
    running.drop("empty.txt", new byte[0]);
    assertThat(running.ended("empty.txt").status()).isEqualTo("error");
    assertThat(running.ended("empty.txt").error()).containsIgnoringCase("empty");
  }

  @Test
  void a_truncated_pdf_is_recorded_with_its_reason() throws IOException {
    running.drop("truncated.pdf", Pdfs.truncated("Half of this is missing.", "All of this is."));
    assertThat(running.ended("truncated.pdf").status()).isEqualTo("error");
    assertThat(running.ended("truncated.pdf").error()).isNotBlank();
  }

  @Test
  void an_encrypted_pdf_is_recorded_with_its_reason() throws IOException {
    running.drop("encrypted.pdf", Pdfs.encrypted("Nobody may read this."));
    assertThat(running.ended("encrypted.pdf").status()).isEqualTo("error");
    assertThat(running.ended("encrypted.pdf").error())
        .containsPattern("(?i)password|encrypted|protected");
  }

  @Test
  void a_file_of_300_mb_is_over_the_limit() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(running.file("huge.txt").toFile(), "rw")) {
      sparse.setLength(300_000_000);
    }
    assertThat(running.ended("huge.txt").status()).isEqualTo("error");
    assertThat(running.ended("huge.txt").error()).contains("300").containsIgnoringCase("limit");
  }

  @Test
  void what_is_not_json_is_refused() {
    HttpResponse<String> answer = running.deliver("a.txt", Map.of(), "{ not json");
    assertProblem(answer, 400, "data");
  }

  @Test
  void an_event_without_an_id_is_refused_by_that_name() {
    HttpResponse<String> answer =
        running.deliver("a.txt", Map.of("ce-id", ""), Running.object("a.txt", 1));
    assertProblem(answer, 400, "id");
  }

  @Test
  void an_event_of_another_type_is_acknowledged_and_ignored() {
    HttpResponse<String> answer =
        running.deliver(
            "a.txt",
            Map.of("ce-type", "google.cloud.audit.log.v1.written"),
            Running.object("a.txt", 1));
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(count("documents", "gs://letters/a.txt")).isZero();
  }

  @Test
  void an_object_that_is_gone_is_acknowledged_and_leaves_nothing() {
    HttpResponse<String> answer =
        running.deliver("gone.txt", Map.of(), Running.object("gone.txt", 17));
    assertThat(answer.statusCode()).isIn(202, 204);
    Awaitility.await()
        .atMost(FOUND)
        .untilAsserted(() -> assertThat(count("documents", "gs://letters/gone.txt")).isZero());
  }

  @Test
  void another_process_can_ask_over_http() throws IOException {
    running.drop("bells.txt", "The bell of the east tower is cracked.".getBytes(UTF_8));
    assertThat(running.ended("bells.txt").status()).isEqualTo("processed");
    Application application = running.application();
    assertThat(OtherInstance.answers(application.adminAddress())).isTrue();

    Instance other = new OtherInstance(application.address());
    TenantId tenant = application.tenant();
    String question = "Which bell is cracked?";
    assertThat(other.search(tenant, question, 3))
        .isEqualTo(application.instance().search(tenant, question, 3))
        .satisfies(
            answer ->
                assertThat(answer.found().getFirst().object()).isEqualTo("gs://letters/bells.txt"));
    assertThat(other.jobs(tenant, 100)).isEqualTo(application.instance().jobs(tenant, 100));
    assertThat(other.jobs(new TenantId(new UUID(1, 1)), 100)).isEmpty();
    assertThat(OtherInstance.answers(URI.create("http://127.0.0.1:1"))).isFalse();
  }

  @Test
  void the_probes_say_ready() {
    assertThat(running.admin("/health/live").statusCode()).isEqualTo(200);
    assertThat(running.admin("/health/ready").statusCode()).isEqualTo(200);
    assertThat(running.admin("/metrics").body()).contains("rag_");
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String attribute) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.body()).contains(attribute);
  }

  private long count(String table, String path) {
    String sql =
        table.equals("documents")
            ? "SELECT count(*) AS n FROM documents WHERE gcs_path = ?"
            : "SELECT count(*) AS n FROM document_chunks WHERE metadata ->> 'media_path' = ?";
    return running
        .application()
        .database()
        .execute("test.count", db -> db.get(sql, path).orElseThrow().column("n").getLong());
  }
}

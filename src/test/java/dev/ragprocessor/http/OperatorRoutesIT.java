package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.StubEmbedder;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people change over HTTP, and the list that they find it in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorRoutesIT {
  private static final TenantId ANNA = new TenantId(new UUID(0, 1));
  private static final TenantId BEN = new TenantId(new UUID(0, 2));
  private static final UUID DOCUMENT = new UUID(7, 1);
  private static final UUID JOB = new UUID(7, 2);

  private Database database;
  private Search search;
  private RunningGateway server;

  @BeforeAll
  void open() throws Exception {
    database =
        Database.open(DatabaseSettings.of(TestDatabases.migrated()), new SimpleMeterRegistry());
    StubEmbedder embedder = new StubEmbedder(new EmbedderSettings.Stub(16, Duration.ZERO));
    ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    search = new Search(database, embedder, space);
    server =
        RunningGateway.with(
            RunningGateway.settings(new Authentication.LoopbackOnly()),
            _ -> new Outcome.Deleted(),
            database,
            search);
  }

  @AfterAll
  void close() {
    server.close();
    database.close();
  }

  @BeforeEach
  void one_document_with_a_job_that_failed() {
    execute("DELETE FROM documents");
    execute("DELETE FROM object_tombstones");
    document(DOCUMENT, ANNA, "a/north.txt", "error");
    execute(
        """
        INSERT INTO document_processing_jobs
               (id, document_id, status, file_type, file_path, generation, error_message)
        VALUES (CAST(? AS uuid), CAST(? AS uuid), 'error', 'text/plain',
                'gs://library/a/north.txt', 17, 'corrupt')
        """,
        JOB.toString(),
        DOCUMENT.toString());
    execute(
        """
        INSERT INTO job_attempts (job_id, generation, attempt, outcome, reason)
        VALUES (CAST(? AS uuid), 17, 1, 'error', 'corrupt')
        """,
        JOB.toString());
  }

  @Test
  void a_failed_job_is_retried_then_cancelled_and_each_only_where_it_makes_sense()
      throws IOException {
    HttpResponse<String> retried = post("/jobs/" + JOB + "/retry?tenant=" + ANNA);
    assertThat(retried.statusCode()).isEqualTo(202);
    assertThat(json(retried).path("status").asText()).isEqualTo("retry_pending");
    assertThat(json(retried).path("nextAttemptAt").asText()).isNotEmpty();

    HttpResponse<String> cancelled = post("/jobs/" + JOB + "/cancel?tenant=" + ANNA);
    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(json(cancelled).path("status").asText()).isEqualTo("cancelled");

    HttpResponse<String> again = post("/jobs/" + JOB + "/cancel?tenant=" + ANNA);
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.headers().firstValue("content-type")).hasValue(Problem.MEDIA_TYPE);
    assertThat(json(again).path("detail").asText())
        .isEqualTo("the job has ended already: cancelled");
  }

  @Test
  void a_job_is_shown_with_its_history() throws IOException {
    JsonNode attempt = json(get("/jobs/" + JOB + "?tenant=" + ANNA)).path("attempts").path(0);
    assertThat(attempt.path("outcome").asText()).isEqualTo("error");
    assertThat(attempt.path("reason").asText()).isEqualTo("corrupt");
    assertThat(attempt.path("generation").asText()).isEqualTo("17");
  }

  @Test
  void a_job_is_found_by_its_object() throws IOException {
    String path = "/jobs?tenant=" + ANNA + "&object=gs%3A//library/a/";
    assertThat(json(get(path + "north.txt")).path("jobs")).hasSize(1);
    assertThat(json(get(path)).path("jobs")).isEmpty();
  }

  @Test
  void a_document_is_reprocessed() throws IOException {
    HttpResponse<String> answer = post("/documents/" + DOCUMENT + "/reprocess?tenant=" + ANNA);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).path("id").asText()).isEqualTo(JOB.toString());
    assertThat(json(get("/documents/" + DOCUMENT + "?tenant=" + ANNA)).path("status").asText())
        .isEqualTo("processing");
  }

  @Test
  void a_document_is_deleted_once() {
    HttpRequest.Builder request =
        server.request("/documents/" + DOCUMENT + "?tenant=" + ANNA).DELETE();
    assertThat(server.send(request).statusCode()).isEqualTo(204);
    assertThat(server.send(request).statusCode()).isEqualTo(404);
    assertThat(get("/jobs/" + JOB + "?tenant=" + ANNA).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /jobs/JOB/retry",
    "POST, /jobs/JOB/cancel",
    "POST, /documents/DOCUMENT/reprocess",
    "DELETE, /documents/DOCUMENT"
  })
  void another_tenants_is_not_there_and_nobodys_neither(String method, String path)
      throws IOException {
    HttpResponse<String> foreign = send(method, real(path) + "?tenant=" + BEN);
    assertThat(foreign.statusCode()).isEqualTo(404);
    String unknown =
        path.replace("JOB", "" + new UUID(9, 9)).replace("DOCUMENT", "" + new UUID(9, 9));
    assertThat(send(method, unknown + "?tenant=" + BEN).body()).isEqualTo(foreign.body());
    assertThat(json(get("/jobs/" + JOB + "?tenant=" + ANNA)).path("status").asText())
        .isEqualTo("error");
    assertThat(send(method, real(path)).statusCode()).as("without a tenant").isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /jobs/JOB/retry",
    "POST, /jobs/JOB/cancel",
    "POST, /documents/DOCUMENT/reprocess",
    "DELETE, /documents/DOCUMENT"
  })
  void another_sites_page_may_not_ask_for_it(String method, String path) throws IOException {
    String uri = real(path) + "?tenant=" + ANNA;
    assertThat(status(method, uri, "Origin", "https://evil.example")).isEqualTo(403);
    assertThat(status(method, uri, "Origin", "null")).isEqualTo(403);
    assertThat(status(method, uri, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
    assertThat(json(get("/jobs/" + JOB + "?tenant=" + ANNA)).path("status").asText())
        .isEqualTo("error");
    String own = "http://127.0.0.1:" + server.gateway().port();
    assertThat(status(method, uri, "Origin", own)).isNotEqualTo(403);
  }

  @Test
  void other_methods_are_told_which_are_allowed() {
    HttpResponse<String> got = get("/jobs/" + JOB + "/retry?tenant=" + ANNA);
    assertThat(got.statusCode()).isEqualTo(405);
    assertThat(got.headers().firstValue("allow")).hasValue("POST");
    HttpResponse<String> posted = post("/documents/" + DOCUMENT + "?tenant=" + ANNA);
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("allow")).hasValue("GET, DELETE");
  }

  @Test
  void documents_are_listed_in_pages_that_leave_nothing_out_and_show_nothing_twice()
      throws IOException {
    List<String> expected = new ArrayList<>(List.of("gs://library/a/north.txt"));
    for (int number = 0; number < 10; number++) {
      document(UUID.randomUUID(), ANNA, "b/%d.txt".formatted(number), "completed");
      expected.add("gs://library/b/%d.txt".formatted(number));
    }
    // Several of one instant, as one transaction makes them.
    execute("UPDATE documents SET created_at = date_trunc('hour', created_at)");
    document(UUID.randomUUID(), BEN, "c.txt", "completed");

    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      JsonNode page =
          json(get("/documents?limit=4&tenant=" + ANNA + (next.isEmpty() ? "" : "&after=" + next)));
      page.path("documents").forEach(document -> seen.add(document.path("object").asText()));
      next = page.path("next").asText("");
      pages++;
    } while (!next.isEmpty());

    assertThat(pages).isEqualTo(3);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(listed("&status=error")).containsExactly("gs://library/a/north.txt");
    assertThat(listed("&prefix=gs%3A//library/b/1")).containsExactly("gs://library/b/1.txt");
    assertThat(listed("&object=gs%3A//library/b/1.txt")).containsExactly("gs://library/b/1.txt");
    assertThat(listed("&object=gs%3A//library/b/1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=lost",
        "limit=0",
        "limit=1001",
        "after=x",
        "after=MQ",
        "prefix=%00",
        "object=a&object=b"
      })
  void an_invalid_parameter_of_the_list_is_named(String parameter) throws IOException {
    HttpResponse<String> answer = get("/documents?tenant=" + ANNA + "&" + parameter);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("attribute").asText())
        .isEqualTo(parameter.substring(0, parameter.indexOf('=')));
  }

  @Test
  void with_tokens_the_tenant_is_the_tokens() throws IOException {
    try (TokenIssuer issuer = new TokenIssuer();
        RunningGateway guarded =
            RunningGateway.with(
                new HttpSettings(
                    "127.0.0.1",
                    0,
                    0,
                    RunningGateway.LIMITS,
                    new Authentication.LoopbackOnly(),
                    new Authentication.Oidc(
                        issuer.keys(),
                        Authentication.Oidc.GOOGLE,
                        TokenIssuer.AUDIENCE,
                        Set.of(),
                        "tenant_id")),
                _ -> new Outcome.Deleted(),
                database,
                search)) {
      String anna = issuer.sign(TokenIssuer.claims().claim("tenant_id", ANNA.toString()));
      String ben = issuer.sign(TokenIssuer.claims().claim("tenant_id", BEN.toString()));
      String path = "/jobs/" + JOB + "/retry";
      assertThat(guarded.send(guarded.request(path).POST(BodyPublishers.noBody())).statusCode())
          .isEqualTo(401);
      assertThat(status(guarded, path, ben)).isEqualTo(404);
      assertThat(status(guarded, path + "?tenant=" + ANNA, ben)).isEqualTo(403);
      assertThat(status(guarded, path, anna)).isEqualTo(202);
    }
  }

  private static int status(RunningGateway server, String path, String token) {
    return server
        .send(
            server
                .request(path)
                .header("authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()))
        .statusCode();
  }

  private List<String> listed(String parameters) throws IOException {
    List<String> objects = new ArrayList<>();
    json(get("/documents?tenant=" + ANNA + parameters))
        .path("documents")
        .forEach(document -> objects.add(document.path("object").asText()));
    return objects;
  }

  private static String real(String path) {
    return path.replace("JOB", JOB.toString()).replace("DOCUMENT", DOCUMENT.toString());
  }

  private int status(String method, String path, String header, String value) {
    return server
        .send(server.request(path).header(header, value).method(method, BodyPublishers.noBody()))
        .statusCode();
  }

  private HttpResponse<String> send(String method, String path) {
    return server.send(server.request(path).method(method, BodyPublishers.noBody()));
  }

  private HttpResponse<String> post(String path) {
    return send("POST", path);
  }

  private HttpResponse<String> get(String path) {
    return server.send(server.request(path));
  }

  private void document(UUID id, TenantId tenant, String name, String status) {
    execute(
        """
        INSERT INTO documents (id, user_id, filename, original_filename, file_size, mime_type,
                               file_category, gcs_bucket, gcs_path, status, generation)
        VALUES (CAST(? AS uuid), CAST(? AS uuid), ?, ?, 1, 'text/plain', 'documents', 'library',
                'gs://library/' || ?, CAST(? AS document_status), 17)
        """,
        id.toString(),
        tenant.toString(),
        name,
        name,
        name,
        status);
  }

  private void execute(String sql, Object... parameters) {
    database.execute(db -> db.dml(sql, parameters));
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new JsonMapper().readTree(answer.body());
  }
}

package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiRoutesIT {
  private static final TenantId ANNA = new TenantId(new UUID(0, 1));
  private static final TenantId BEN = new TenantId(new UUID(0, 2));
  private static final ObjectId OBJECT = new ObjectId("library", "a/north.txt", Long.MAX_VALUE);

  private final UUID job = UUID.randomUUID();
  private Database database;
  private Search search;
  private UUID document;
  private RunningGateway server;

  /** Everything points the same way; a question that says so is not answered. */
  private static final class OneWayEmbedder implements TextEmbedder {
    @Override
    public Space space() {
      return new Space("one-way", 2, "retrieval");
    }

    @Override
    public int maxTokens() {
      return 2_048;
    }

    @Override
    public int tokens(String text) {
      return text.length();
    }

    @Override
    public int maxCharacters() {
      return 1_000;
    }

    @Override
    public List<float[]> embedChunks(String title, List<String> chunks) {
      return chunks.stream().map(_ -> new float[] {1, 0}).toList();
    }

    @Override
    public float[] embedQuestion(String question) {
      return switch (question) {
        case "busy" ->
            throw new EmbeddingException(
                EmbeddingException.Kind.EXHAUSTED, "secret quota", Duration.ofSeconds(7), null);
        case "blocked" ->
            throw new EmbeddingException(
                EmbeddingException.Kind.REFUSED, "secret reason", Duration.ZERO, null);
        default -> new float[] {1, 0};
      };
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  void open() throws Exception {
    DatabaseSettings settings = DatabaseSettings.of(TestDatabases.migrated());
    database = Database.open(settings, new SimpleMeterRegistry());
    OneWayEmbedder embedder = new OneWayEmbedder();
    ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    search = new Search(database, embedder, space);
    EmbeddedChunk chunk =
        new EmbeddedChunk(
            Chunks.idOf(OBJECT, "needle", 1),
            0,
            "needle",
            "",
            "{\"content_type\":\"document\",\"page_number\":3}",
            embedder.embedQuestion("needle"));
    DocumentVersion version =
        new DocumentVersion(OBJECT, 1, ANNA, 1, "", "text/plain", FileCategory.DOCUMENTS);
    document =
        database.inTransaction(
            db -> {
              Documents.Owned owned =
                  Results.completed(db, version, JobStatus.PROCESSED, 1).document();
              Chunks.replace(db, owned, space, List.of(chunk));
              return owned.id();
            });
    database.inTransaction(
        db ->
            db.dml(
                """
                UPDATE document_processing_jobs
                   SET id = CAST(? AS uuid), status = 'error', error_message = 'corrupt'
                 WHERE file_path = ?
                """,
                job.toString(),
                OBJECT.path()));
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

  @Test
  void a_question_finds_passages_with_score_and_place() throws IOException {
    HttpResponse<String> answer =
        search(
            """
            {"tenant":"%s","query":"needle","limit":5,"threshold":0.5,"kinds":["documents"],
             "filters":{"bucket":"library","prefix":"a/","document":"%s"}}\
            """
                .formatted(ANNA, document));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode hit = json(answer).path("results").path(0);
    assertThat(hit.path("score").asDouble()).isBetween(0.999, 1.001);
    assertThat(hit.path("content").asText()).isEqualTo("needle");
    assertThat(hit.path("documentId").asText()).isEqualTo(document.toString());
    assertThat(hit.path("object").asText()).isEqualTo("gs://library/a/north.txt");
    assertThat(hit.path("kind").asText()).isEqualTo("documents");
    assertThat(hit.path("metadata").path("page_number").asInt()).isEqualTo(3);
  }

  @Test
  void another_tenant_finds_nothing() throws IOException {
    JsonNode found = json(search("{\"tenant\":\"" + BEN + "\",\"query\":\"needle\"}"));
    assertThat(found.path("results")).isEmpty();
    assertThat(found.path("results").isArray()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tenant | {'query':'q'}",
        "tenant | {'query':'q','tenant':'x'}",
        "tenant | {'query':'q','tenant':'1-1-1-1-1'}",
        "tenant | {'query':'q','tenant':1}",
        "query | {'tenant':'T'}",
        "query | {'tenant':'T','query':' '}",
        "query | {'tenant':'T','query':'a\\u0000'}",
        "query | {'tenant':'T','query':'\\ud800'}",
        "query | {'tenant':'T','query':[]}",
        "limit | {'tenant':'T','query':'q','limit':0}",
        "limit | {'tenant':'T','query':'q','limit':101}",
        "limit | {'tenant':'T','query':'q','limit':1.5}",
        "limit | {'tenant':'T','query':'q','limit':'5'}",
        "threshold | {'tenant':'T','query':'q','threshold':1.1}",
        "threshold | {'tenant':'T','query':'q','threshold':'0'}",
        "kinds | {'tenant':'T','query':'q','kinds':'documents'}",
        "kinds | {'tenant':'T','query':'q','kinds':['poems']}",
        "kinds | {'tenant':'T','query':'q','kinds':[1]}",
        "filters | {'tenant':'T','query':'q','filters':[]}",
        "filters | {'tenant':'T','query':'q','filters':{'colour':'red'}}",
        "filters.bucket | {'tenant':'T','query':'q','filters':{'prefix':'a'}}",
        "filters.document | {'tenant':'T','query':'q','filters':{'document':'x'}}",
        "body | {'tenant':'T','query':'q','colour':'red'}",
        "body | []",
        "body | {'tenant':",
        "body | ",
      })
  void an_invalid_question_names_the_field(String field, String body) throws IOException {
    String question =
        body == null ? "" : body.replace('\'', '"').replace("\"T\"", "\"" + ANNA + "\"");
    HttpResponse<String> answer = search(question);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue(Problem.MEDIA_TYPE);
    assertThat(json(answer).path("attribute").asText()).isEqualTo(field);
  }

  @Test
  void a_question_must_be_json_so_that_no_foreign_page_can_ask_it() {
    String question = "{\"tenant\":\"" + ANNA + "\",\"query\":\"needle\"}";
    assertThat(
            server
                .send(
                    server
                        .request("/search")
                        .header("content-type", "text/plain")
                        .POST(BodyPublishers.ofString(question)))
                .statusCode())
        .isEqualTo(415);
  }

  @Test
  void a_model_that_cannot_be_asked_is_told_without_its_words() {
    String question = "{\"tenant\":\"" + ANNA + "\",\"query\":\"%s\"}";
    HttpResponse<String> busy = search(question.formatted("busy"));
    assertThat(busy.statusCode()).isEqualTo(503);
    assertThat(busy.headers().firstValue("retry-after")).hasValue("7");
    assertThat(busy.body()).doesNotContain("secret");
    HttpResponse<String> blocked = search(question.formatted("blocked"));
    assertThat(blocked.statusCode()).isEqualTo(400);
    assertThat(blocked.body()).doesNotContain("secret");
  }

  @Test
  void a_document_is_shown_to_its_tenant_alone() throws IOException {
    HttpResponse<String> answer = get("/documents/" + document + "?tenant=" + ANNA);
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode shown = json(answer);
    assertThat(shown.path("id").asText()).isEqualTo(document.toString());
    assertThat(shown.path("generation").asText()).isEqualTo(Long.toString(Long.MAX_VALUE));
    assertThat(shown.path("status").asText()).isEqualTo("completed");
    assertThat(shown.path("chunkCount").asInt()).isEqualTo(1);
    assertThat(shown.has("error")).isFalse();
    HttpResponse<String> foreign = get("/documents/" + document + "?tenant=" + BEN);
    HttpResponse<String> unknown = get("/documents/" + UUID.randomUUID() + "?tenant=" + BEN);
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).as("nothing tells that it is there").isEqualTo(unknown.body());
  }

  @Test
  void a_job_is_shown_to_its_tenant_alone() throws IOException {
    HttpResponse<String> answer = get("/jobs/" + job + "?tenant=" + ANNA);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("status").asText()).isEqualTo("error");
    assertThat(json(answer).path("error").asText()).isEqualTo("corrupt");
    assertThat(json(answer).path("documentId").asText()).isEqualTo(document.toString());
    assertThat(get("/jobs/" + job + "?tenant=" + BEN).statusCode()).isEqualTo(404);
  }

  @Test
  void jobs_are_listed_by_tenant_and_status() throws IOException {
    assertThat(json(get("/jobs?tenant=" + ANNA)).path("jobs")).hasSize(1);
    assertThat(json(get("/jobs?status=error&tenant=" + ANNA)).path("jobs")).hasSize(1);
    assertThat(json(get("/jobs?status=pending&tenant=" + ANNA)).path("jobs")).isEmpty();
    assertThat(json(get("/jobs?tenant=" + BEN)).path("jobs")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/jobs",
        "/jobs?tenant=x",
        "/jobs?tenant=T&tenant=T",
        "/jobs?tenant=T&status=lost",
        "/jobs?tenant=T&limit=0",
        "/jobs?tenant=T&limit=many",
        "/jobs/1?tenant=T",
        "/documents/1-1-1-1-1?tenant=T",
      })
  void an_invalid_parameter_is_a_client_error(String path) throws IOException {
    HttpResponse<String> answer = get(path.replace("=T", "=" + ANNA));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("attribute").asText()).isNotBlank();
  }

  @Test
  void other_methods_are_told_which_one_is_allowed() {
    assertThat(get("/search").headers().firstValue("allow")).hasValue("POST");
    HttpResponse<String> deleted = server.send(server.request("/jobs/" + job).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(405);
    assertThat(deleted.headers().firstValue("allow")).hasValue("GET");
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
      String none = issuer.sign(TokenIssuer.claims());
      assertThat(status(guarded, "/documents/" + document, anna)).isEqualTo(200);
      assertThat(status(guarded, "/documents/" + document + "?tenant=" + BEN, anna)).isEqualTo(403);
      assertThat(status(guarded, "/jobs", none)).isEqualTo(403);
      assertThat(status(guarded, "/jobs", "garbage")).isEqualTo(401);
      assertThat(guarded.send(guarded.request("/jobs?tenant=" + ANNA)).statusCode()).isEqualTo(401);
      assertThat(guarded.send(guarded.event("finalized")).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void a_question_that_is_nested_without_end_is_a_client_error() throws IOException {
    for (String nested : List.of("[".repeat(30_000), "{\"query\":".repeat(6_000))) {
      HttpResponse<String> answer = search(nested);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).path("attribute").asText()).isEqualTo("body");
    }
  }

  private static int status(RunningGateway server, String path, String token) {
    return server
        .send(server.request(path).header("authorization", "Bearer " + token))
        .statusCode();
  }

  private HttpResponse<String> search(String question) {
    return server.send(
        server
            .request("/search")
            .header("content-type", "application/json; charset=utf-8")
            .POST(BodyPublishers.ofString(question)));
  }

  private HttpResponse<String> get(String path) {
    return server.send(server.request(path));
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new JsonMapper().readTree(answer.body());
  }
}

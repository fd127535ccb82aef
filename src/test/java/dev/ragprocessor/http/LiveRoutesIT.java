package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.StubEmbedder;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the service tells, live, how it is doing, and a document's chunks. */
@Timeout(60)
class LiveRoutesIT {
  private static final TenantId ANNA = new TenantId(new UUID(0, 1));
  private static final TenantId BEN = new TenantId(new UUID(0, 2));
  private static final UUID DOCUMENT = new UUID(7, 1);
  private static final UUID JOB = new UUID(7, 2);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Database database;
  private Search search;
  private RunningGateway server;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(DatabaseSettings.of(TestDatabases.migrated()), meters);
    StubEmbedder embedder = new StubEmbedder(new EmbedderSettings.Stub(16, Duration.ZERO));
    ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    search = new Search(database, embedder, space);
    server = serving(RunningGateway.settings(new Authentication.LoopbackOnly()));
    execute(
        """
        INSERT INTO documents
               (id, user_id, filename, original_filename, file_size, mime_type, file_category,
                gcs_bucket, gcs_path, status, chunk_count, generation)
        VALUES (CAST(? AS uuid), CAST(? AS uuid), 'a.txt', 'a.txt', 10, 'text/plain', 'documents',
                'library', 'gs://library/a.txt', 'error', 0, 17)
        """,
        DOCUMENT.toString(),
        ANNA.toString());
    execute(
        """
        INSERT INTO document_processing_jobs
               (id, document_id, status, file_type, file_path, generation, error_message)
        VALUES (CAST(? AS uuid), CAST(? AS uuid), 'error', 'text/plain', 'gs://library/a.txt', 17,
                'corrupt')
        """,
        JOB.toString(),
        DOCUMENT.toString());
  }

  private RunningGateway serving(HttpSettings settings) {
    PageSources page = new PageSources("test", ANNA, database::state, null);
    return RunningGateway.with(settings, _ -> new Outcome.Deleted(), database, search, page);
  }

  @AfterEach
  void close() {
    server.close();
    database.close();
  }

  @Test
  void two_clients_are_told_of_numbers_and_of_their_own_tenants_jobs() throws IOException {
    try (LiveClient anna = looking(ANNA);
        LiveClient ben = looking(BEN)) {
      JsonNode history = anna.event("history");
      assertThat(history.path("fields").path(1).asText()).isEqualTo("active");
      assertThat(history.path("rows").path(0)).hasSize(history.path("fields").size());
      JsonNode jobs = anna.event("jobs");
      assertThat(jobs.path("jobs").path(0).path("error").asText()).isEqualTo("corrupt");
      assertThat(jobs.path("totals").path("error").asInt()).isEqualTo(1);
      assertThat(ben.event("jobs").path("jobs")).isEmpty();

      execute("UPDATE document_processing_jobs SET status = 'processing', updated_at = now()");
      assertThat(anna.event("jobs").path("jobs").path(0).path("status").asText())
          .isEqualTo("processing");
      assertThat(anna.event("numbers").path("pool").path("size").asInt())
          .isEqualTo(database.state().size());
    }
  }

  @Test
  void who_looks_holds_no_permit_and_nothing_is_read_when_nobody_does() throws IOException {
    try (LiveClient anna = looking(ANNA)) {
      JsonNode _ = anna.event("jobs");
      // The look of a second takes moments of it.
      PoolState _ =
          Awaitility.await()
              .pollInterval(Duration.ofMillis(5))
              .until(database::state, state -> state.freePermits() == state.size());
    }
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> connections() == 0);
    Instant from = sampled();
    double before = scopes();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sampled().isAfter(from.plusMillis(2_500)));
    assertThat(scopes()).as("scopes opened for nobody").isEqualTo(before);
  }

  @Test
  void one_that_takes_nothing_keeps_nobody_up_and_loses_its_connection() throws IOException {
    String large = "x".repeat(2_000_000);
    try (RawClient slow = server.raw();
        LiveClient quick = looking(ANNA)) {
      slow.lines("GET /live?tenant=%s HTTP/1.1\nHost: localhost\n\n".formatted(ANNA));
      Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> connections() == 2);
      int turn = 0;
      while (connections() == 2) {
        turn++;
        assertThat(turn).as("turns until the slow one is let go").isLessThan(20);
        execute(
            "UPDATE document_processing_jobs SET error_message = ?, updated_at = now()",
            turn + large);
        String error;
        do {
          error = quick.event("jobs").path("jobs").path(0).path("error").asText();
        } while (!error.startsWith(turn + "x"));
      }
      assertThat(quick.event("numbers").path("pool")).isNotEmpty();
    }
  }

  @Test
  void the_end_of_the_server_ends_the_streams_at_once() throws IOException {
    try (LiveClient anna = looking(ANNA)) {
      JsonNode _ = anna.event("history");
      long begun = System.nanoTime();
      server.gateway().close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(RunningGateway.LIMITS.shutdownGrace());
      anna.readToEnd();
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () ->
                  assertThat(Thread.getAllStackTraces().keySet())
                      .noneMatch(thread -> thread.getName().startsWith("live-")));
    }
  }

  @Test
  void so_many_may_look_and_no_more_until_one_goes() throws IOException {
    List<LiveClient> clients = new ArrayList<>();
    try {
      for (int client = 0; client < 32; client++) {
        clients.add(looking(ANNA));
      }
      HttpResponse<String> refused = get("/live?tenant=" + ANNA);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      clients.removeLast().close();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> clients.add(looking(ANNA)));
    } finally {
      for (LiveClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void another_sites_page_may_not_look() {
    HttpResponse<String> answer =
        server.send(server.request("/live?tenant=" + ANNA).header("Sec-Fetch-Site", "cross-site"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(get("/live").statusCode()).as("without a tenant").isEqualTo(400);
    assertThat(server.send(server.request("/live").DELETE()).statusCode()).isEqualTo(405);
  }

  @Test
  void the_status_tells_who_is_asked_about_and_the_tenants_are_those_with_documents()
      throws IOException {
    JsonNode status = json(get("/status"));
    assertThat(status.path("tenant").asText()).isEqualTo(ANNA.toString());
    assertThat(status.path("tenantIsFixed").asBoolean()).isFalse();
    assertThat(status.path("uploads").asBoolean()).isFalse();
    assertThat(json(get("/tenants")).path("tenants"))
        .singleElement()
        .satisfies(tenant -> assertThat(tenant.path("id").asText()).isEqualTo(ANNA.toString()));
  }

  @Test
  void with_tokens_the_tenant_is_the_tokens_and_without_one_nothing_is_told() throws IOException {
    try (TokenIssuer issuer = new TokenIssuer();
        RunningGateway guarded =
            serving(
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
                        "tenant")))) {
      for (String path :
          List.of("/status", "/live", "/tenants", "/documents/" + DOCUMENT + "/chunks")) {
        HttpResponse<String> refused = guarded.send(guarded.request(path));
        assertThat(refused.statusCode()).as(path).isEqualTo(401);
        assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
      }
      assertThat(guarded.send(guarded.request("/")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void chunks_are_read_in_pages_and_from_a_place_on() throws IOException {
    for (int index = 0; index < 7; index++) {
      // Another program's chunks may share an index.
      chunk(Math.min(index, 5), "text " + index);
    }
    List<String> seen = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = json(get(chunks("limit=2" + (next.isEmpty() ? "" : "&after=" + next))));
      page.path("chunks").forEach(chunk -> seen.add(chunk.path("content").asText()));
      next = page.path("next").asText("");
    } while (!next.isEmpty());
    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    assertThat(seen.subList(0, 5))
        .containsExactly("text 0", "text 1", "text 2", "text 3", "text 4");
    JsonNode place = json(get(chunks("from=3&limit=1"))).path("chunks").path(0);
    assertThat(place.path("content").asText()).isEqualTo("text 3");
    assertThat(place.path("metadata").path("page_number").asInt()).isEqualTo(3);
    assertThat(get("/documents/" + DOCUMENT + "/chunks?tenant=" + BEN).statusCode()).isEqualTo(404);
    for (String wrong : List.of("from=-1", "after=x", "after=1.x", "limit=201")) {
      assertThat(get(chunks(wrong)).statusCode()).as(wrong).isEqualTo(400);
    }
  }

  private static String chunks(String query) {
    return "/documents/%s/chunks?tenant=%s&%s".formatted(DOCUMENT, ANNA, query);
  }

  private void chunk(int index, String text) {
    execute(
        """
        INSERT INTO document_chunks (user_id, document_id, content, chunk_index, metadata)
        VALUES (CAST(? AS uuid), CAST(? AS uuid), ?, ?, CAST(? AS jsonb))
        """,
        ANNA.toString(),
        DOCUMENT.toString(),
        text,
        index,
        "{\"page_number\": %d}".formatted(index));
  }

  private LiveClient looking(TenantId tenant) throws IOException {
    LiveClient client = new LiveClient(server.request("/live?tenant=" + tenant).build());
    assertThat(client.status()).isEqualTo(200);
    assertThat(client.header("content-type")).isEqualTo("text/event-stream");
    assertThat(client.header("cache-control")).isEqualTo("no-store");
    return client;
  }

  /** When the newest numbers were read. */
  private Instant sampled() throws IOException {
    return Instant.parse(json(get("/status")).path("at").asText());
  }

  private double scopes() {
    return meters.find("db.scopes").functionCounters().stream()
        .mapToDouble(FunctionCounter::count)
        .sum();
  }

  private long connections() {
    String metrics = server.send(server.adminRequest("/metrics")).body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("rag_http_connections "))
        .map(line -> Math.round(Double.parseDouble(line.substring(line.indexOf(' ') + 1))))
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> get(String path) {
    return server.send(server.request(path));
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  private void execute(String sql, Object... parameters) {
    database.execute(db -> db.dml(sql, parameters));
  }
}

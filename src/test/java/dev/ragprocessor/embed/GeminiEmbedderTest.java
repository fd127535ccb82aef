package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiStandIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK's own code path, over real HTTP, against the recorded wire format of both addresses. */
class GeminiEmbedderTest {
  private static final GeminiAccess API =
      new GeminiAccess.DeveloperApi(new ApiKey(GeminiStandIn.KEY));
  private static final GeminiAccess VERTEX =
      new GeminiAccess.VertexAi(
          "proj-1",
          "us-central1",
          () ->
              GoogleCredentials.create(
                  new AccessToken(
                      GeminiStandIn.TOKEN, Date.from(Instant.now().plusSeconds(3_600)))));

  /** Each way in which the SDK asks for vectors. */
  enum Way {
    DEVELOPER_API_001(false, "gemini-embedding-001", "batchEmbedContents"),
    DEVELOPER_API_2(false, "gemini-embedding-2", "batchEmbedContents"),
    VERTEX_001(true, "gemini-embedding-001", "predict"),
    VERTEX_005(true, "text-embedding-005", "predict"),
    VERTEX_2(true, "gemini-embedding-2", "embedContent");

    private final boolean vertex;
    private final String model;
    private final String verb;

    Way(boolean vertex, String model, String verb) {
      this.vertex = vertex;
      this.model = model;
      this.verb = verb;
    }

    GeminiSettings settings() {
      return GeminiSettings.defaults(vertex ? VERTEX : API, model)
          .withBounds(8, Duration.ofSeconds(20), Duration.ofSeconds(2));
    }
  }

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<GeminiEmbedder> opened = new ArrayList<>();
  private final GeminiStandIn gemini;

  GeminiEmbedderTest() throws IOException {
    gemini = GeminiStandIn.start();
  }

  @AfterEach
  void close() {
    opened.forEach(GeminiEmbedder::close);
    gemini.close();
  }

  @ParameterizedTest
  @EnumSource
  void makes_vectors_of_length_one_in_order_at_every_address(Way way) {
    GeminiEmbedder embedder = open(way.settings());
    List<String> chunks = List.of("the river bank", "interest at the bank", "a loaf of bread");
    List<float[]> vectors = embedder.embedChunks("Title", chunks);

    assertThat(vectors).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(vectors.get(i)).hasSize(768);
      assertThat(dot(vectors.get(i), vectors.get(i))).isCloseTo(1, within(1e-5));
      float[] question = embedder.embedQuestion(chunks.get(i));
      assertThat(dot(question, vectors.get(i))).isCloseTo(1, within(1e-5));
      assertThat(dot(question, vectors.get((i + 1) % 3))).isLessThan(0.9);
    }
    assertThat(gemini.calls()).allMatch(call -> call.verb().equals(way.verb));
    assertThat(embedder.space().model()).isEqualTo(way.model);
    assertThat(embedder.space().dimensions()).isEqualTo(768);
  }

  @ParameterizedTest
  @EnumSource
  void authenticates_by_header_and_never_by_url(Way way) {
    open(way.settings()).embedQuestion("who");
    GeminiCall call = gemini.calls().getFirst();
    assertThat(call.path() + call.query())
        .doesNotContain(GeminiStandIn.KEY)
        .doesNotContain(GeminiStandIn.TOKEN);
    if (way.vertex) {
      assertThat(call.headers()).containsEntry("authorization", "Bearer " + GeminiStandIn.TOKEN);
      assertThat(call.path()).contains("/projects/proj-1/locations/us-central1/");
    } else {
      assertThat(call.headers()).containsEntry("x-goog-api-key", GeminiStandIn.KEY);
    }
  }

  @Test
  void tells_the_developer_api_the_role_by_task_type() {
    GeminiEmbedder embedder = open(Way.DEVELOPER_API_001.settings());
    embedder.embedChunks("Report", List.of("a", "b"));
    embedder.embedChunks(" ", List.of("c"));
    embedder.embedQuestion("d");
    assertThat(gemini.calls())
        .extracting(call -> call.body().at("/requests/0/taskType").asText())
        .containsExactly("RETRIEVAL_DOCUMENT", "RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY");
    assertThat(gemini.calls())
        .extracting(call -> call.body().at("/requests/0/title").asText("none"))
        .containsExactly("Report", "none", "none");
    assertThat(gemini.calls().getFirst().texts()).containsExactly("a", "b");
  }

  @Test
  void tells_vertex_the_role_by_task_type() {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    embedder.embedChunks("Report", List.of("a"));
    embedder.embedQuestion("d");
    assertThat(gemini.calls())
        .extracting(call -> call.body().at("/instances/0/task_type").asText())
        .containsExactly("RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY");
    assertThat(gemini.calls().getFirst().body().at("/instances/0/title").asText())
        .isEqualTo("Report");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEVELOPER_API_2", "VERTEX_2"})
  void tells_gemini_embedding_2_the_role_in_words(Way way) {
    GeminiEmbedder embedder = open(way.settings());
    embedder.embedChunks("Report", List.of("a"));
    embedder.embedChunks("", List.of("b"));
    embedder.embedQuestion("c");
    assertThat(gemini.calls())
        .flatExtracting(GeminiCall::texts)
        .containsExactly(
            "title: Report | text: a", "title: none | text: b", "task: search result | query: c");
    assertThat(gemini.calls())
        .noneMatch(call -> call.body().toString().toLowerCase(Locale.ROOT).contains("tasktype"));
  }

  @Test
  void asks_for_the_dimensions_of_its_space() {
    for (Way way : Way.values()) {
      open(way.settings().withDimensions(128)).embedQuestion("d");
      assertThat(gemini.calls().getLast().dimensions()).as(way.name()).isEqualTo(128);
    }
  }

  @Test
  void packs_batches_within_both_limits() {
    GeminiEmbedder embedder =
        open(
            Way.VERTEX_005
                .settings()
                .withRequestLimits(50, 1_000)
                .withBounds(1, Duration.ofSeconds(20), Duration.ZERO));
    List<String> chunks = new ArrayList<>();
    IntStream.range(0, 120).forEach(i -> chunks.add("w".repeat(i % 2 == 0 ? 4 : 396)));
    assertThat(embedder.embedChunks("t", chunks)).hasSize(120);
    assertThat(gemini.calls()).flatExtracting(GeminiCall::texts).isEqualTo(chunks);
    assertThat(gemini.calls())
        .allSatisfy(
            call -> {
              assertThat(call.texts()).hasSizeLessThanOrEqualTo(50);
              assertThat(call.texts().stream().mapToInt(TokenEstimate::of).sum())
                  .isLessThanOrEqualTo(1_000);
            });
    assertThat(gemini.calls()).hasSize(6);
  }

  @Test
  void sends_one_content_a_call_where_the_model_takes_one_several_calls_at_once() {
    gemini.setLatency(Duration.ofMillis(100));
    GeminiEmbedder embedder =
        open(Way.VERTEX_2.settings().withBounds(4, Duration.ofSeconds(20), Duration.ZERO));
    assertThat(embedder.embedChunks("t", IntStream.range(0, 12).mapToObj(i -> "w" + i).toList()))
        .hasSize(12);
    assertThat(gemini.calls()).hasSize(12);
    assertThat(gemini.mostAtOnce()).isBetween(2, 4);
  }

  @Test
  void finds_out_that_a_model_takes_no_batches() {
    gemini.setTextsPerPrediction(1);
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings().withRequestLimits(10, 20_000));
    List<float[]> vectors = embedder.embedChunks("t", List.of("a", "b", "c"));
    assertThat(vectors.get(1)).isEqualTo(embedder.embedChunks("t", List.of("b")).getFirst());
    assertThat(gemini.calls())
        .extracting(call -> call.texts().size())
        .containsExactly(3, 1, 1, 1, 1);

    embedder.embedChunks("t", List.of("d", "e"));
    assertThat(gemini.calls()).extracting(call -> call.texts().size()).endsWith(1, 1);
  }

  @Test
  void asks_text_by_text_when_a_batch_got_fewer_vectors() {
    gemini.fail(GeminiFault.oneVectorTooFew());
    assertThat(open(Way.DEVELOPER_API_2.settings()).embedChunks("t", List.of("a", "b"))).hasSize(2);
    assertThat(gemini.calls()).extracting(call -> call.texts().size()).containsExactly(2, 1, 1);
  }

  @Test
  void refuses_a_chunk_that_the_model_refuses_alone_and_goes_on_sending_batches() {
    GeminiEmbedder embedder = open(Way.DEVELOPER_API_001.settings());
    embedder.embedQuestion("works");
    GeminiFault bad = GeminiFault.failing(400, "INVALID_ARGUMENT", "");
    gemini.fail(bad, bad);
    assertThat(failure(embedder, "a", "b").kind()).isEqualTo(Kind.REFUSED);
    embedder.embedChunks("t", List.of("a", "b"));
    assertThat(gemini.calls().getLast().texts()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT, REFUSED",
    "413, INVALID_ARGUMENT, REFUSED",
    "400, FAILED_PRECONDITION, MISCONFIGURED",
    "401, UNAUTHENTICATED, MISCONFIGURED",
    "403, PERMISSION_DENIED, MISCONFIGURED",
    "404, NOT_FOUND, MISCONFIGURED",
    "408, DEADLINE_EXCEEDED, UNAVAILABLE",
    "499, CANCELLED, UNAVAILABLE",
    "500, INTERNAL, UNAVAILABLE",
    "503, UNAVAILABLE, UNAVAILABLE",
    "504, DEADLINE_EXCEEDED, UNAVAILABLE"
  })
  void says_whose_fault_a_status_is_after_one_request(int code, String status, Kind kind) {
    for (Way way : List.of(Way.DEVELOPER_API_001, Way.VERTEX_001)) {
      GeminiEmbedder embedder = open(way.settings());
      embedder.embedQuestion("works");
      int before = gemini.calls().size();
      gemini.fail(GeminiFault.failing(code, status, ""));
      EmbeddingException failure = failure(embedder, "a");
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure).hasMessageContaining(way.model).hasMessageContaining(code + " " + status);
      assertThat(gemini.calls()).hasSize(before + 1);
    }
  }

  @Test
  void never_sends_a_request_again_by_itself_even_where_the_http_client_would() {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    gemini.fail(new GeminiFault.Answer(503, "", Map.of("Retry-After", "0")));
    assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.UNAVAILABLE);
    gemini.fail(new GeminiFault.Answer(408, "", Map.of()));
    assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(gemini.calls()).hasSize(2);
  }

  @Test
  void takes_a_refusal_before_any_answer_for_a_wrong_setting() {
    GeminiEmbedder embedder = open(Way.DEVELOPER_API_001.settings());
    gemini.fail(GeminiFault.failing(400, "INVALID_ARGUMENT", ""));
    assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.MISCONFIGURED);
    embedder.embedQuestion("works");
    gemini.fail(GeminiFault.failing(400, "INVALID_ARGUMENT", ""));
    assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void a_wrong_key_is_misconfigured_and_shown_nowhere() {
    String secret = "another-key-that-nobody-may-see";
    GeminiSettings settings =
        GeminiSettings.defaults(new GeminiAccess.DeveloperApi(new ApiKey(secret)));
    // The stand-in's message names the key, as Google's sometimes do.
    EmbeddingException failure = failure(open(settings), "a");
    assertThat(failure.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(failure).hasMessageContaining("API key not valid: [key]");
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace + settings.toString()).doesNotContain(secret);
  }

  @Test
  void a_wrong_token_is_misconfigured() {
    GeminiSettings settings =
        GeminiSettings.defaults(
            new GeminiAccess.VertexAi(
                "proj-1",
                "global",
                () ->
                    GoogleCredentials.create(
                        new AccessToken("wrong", Date.from(Instant.now().plusSeconds(3_600))))));
    assertThat(failure(open(settings), "a").kind()).isEqualTo(Kind.MISCONFIGURED);
  }

  @Test
  void missing_credentials_are_misconfigured_when_it_is_opened() {
    GeminiSettings settings =
        GeminiSettings.defaults(
            new GeminiAccess.VertexAi(
                "proj-1",
                "global",
                () -> {
                  throw new IOException("nothing found");
                }));
    EmbeddingException failure =
        catchThrowableOfType(EmbeddingException.class, () -> open(settings));
    assertThat(failure.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(failure).hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
  }

  @Test
  void sends_again_what_was_refused_for_a_quota_that_is_back_soon_and_keeps_the_rest() {
    GeminiEmbedder embedder =
        open(
            Way.VERTEX_005
                .settings()
                .withRequestLimits(1, 20_000)
                .withBounds(2, Duration.ofSeconds(20), Duration.ofSeconds(10)));
    gemini.fail(GeminiFault.exhausted("0.2s"), GeminiFault.exhausted("0.2s"));
    assertThat(embedder.embedChunks("t", List.of("a", "b", "c", "d"))).hasSize(4);
    assertThat(gemini.calls()).hasSize(6);
  }

  @Test
  void hands_over_what_was_made_before_a_quota_ended_for_today() {
    GeminiEmbedder embedder =
        open(
            Way.VERTEX_005
                .settings()
                .withRequestLimits(1, 20_000)
                .withBounds(1, Duration.ofSeconds(20), Duration.ofSeconds(1)));
    embedder.embedChunks("t", List.of("before"));
    gemini.fail(
        new GeminiFault.Slow(Duration.ZERO),
        new GeminiFault.Slow(Duration.ZERO),
        GeminiFault.exhaustedForToday());
    Map<Integer, float[]> made = new ConcurrentHashMap<>();
    EmbeddingException failure =
        catchThrowableOfType(
            EmbeddingException.class,
            () -> embedder.embedChunks("t", List.of("a", "b", "c", "d"), made::put));
    assertThat(failure.kind()).isEqualTo(Kind.EXHAUSTED);
    assertThat(made).containsOnlyKeys(0, 1);
    assertThat(made.get(1))
        .isEqualTo(open(Way.VERTEX_005.settings()).embedChunks("t", List.of("b")).getFirst());
  }

  @Test
  void passes_on_when_the_quota_comes_back() {
    gemini.fail(GeminiFault.exhausted("17s"));
    assertThat(failure(open(Way.VERTEX_001.settings()), "a").retryAfter())
        .isEqualTo(Duration.ofSeconds(17));
    gemini.fail(GeminiFault.exhaustedForToday());
    assertThat(failure(open(Way.DEVELOPER_API_001.settings()), "a").retryAfter())
        .isBetween(Duration.ofSeconds(36), Duration.ofHours(25));
    gemini.fail(GeminiFault.exhaustedSilently());
    GeminiSettings hasty =
        Way.VERTEX_001.settings().withBounds(8, Duration.ofSeconds(20), Duration.ZERO);
    assertThat(failure(open(hasty), "a").retryAfter()).isZero();
    gemini.fail(new GeminiFault.Answer(503, "busy", Map.of("Retry-After", "9")));
    assertThat(failure(open(Way.VERTEX_001.settings()), "a").retryAfter())
        .isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void asks_no_more_before_the_quota_comes_back_and_says_at_once_how_long_that_is() {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    gemini.fail(GeminiFault.exhausted("60s"));
    failure(embedder, "a");
    EmbeddingException later = failure(embedder, "b");
    EmbeddingException question =
        catchThrowableOfType(EmbeddingException.class, () -> embedder.embedQuestion("c"));
    assertThat(gemini.calls()).hasSize(1);
    for (EmbeddingException failure : List.of(later, question)) {
      assertThat(failure.kind()).isEqualTo(Kind.EXHAUSTED);
      assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    }
  }

  @Test
  void waits_for_a_quota_that_comes_back_within_its_patience() {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    embedder.embedQuestion("works");
    gemini.fail(GeminiFault.exhausted("0.3s"));
    long start = System.nanoTime();
    assertThat(embedder.embedChunks("t", List.of("b"))).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(200), Duration.ofSeconds(15));
    assertThat(gemini.calls()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void an_answer_that_cannot_be_read_is_unavailable(Way way) {
    GeminiEmbedder embedder = open(way.settings());
    gemini.fail(
        new GeminiFault.Answer(200, "<html>not json", Map.of()),
        new GeminiFault.HangUp(),
        new GeminiFault.Answer(200, "{}", Map.of()),
        new GeminiFault.Answer(200, "", Map.of()),
        GeminiFault.zeroVector(),
        new GeminiFault.Answer(302, "", Map.of("Location", "http://127.0.0.1:1/")));
    for (int i = 0; i < 6; i++) {
      assertThat(failure(embedder, "a").kind()).as("fault %d", i).isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(embedder.embedChunks("t", List.of("a"))).hasSize(1);
    assertThat(gemini.calls()).hasSize(7);
  }

  @ParameterizedTest
  @EnumSource
  void a_vector_of_other_dimensions_is_misconfigured(Way way) {
    gemini.fail(GeminiFault.oneDimensionTooFew());
    EmbeddingException failure = failure(open(way.settings()), "a");
    assertThat(failure.kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(failure).hasMessageContaining("767 dimensions instead of 768");
  }

  @Test
  void a_model_that_hangs_is_unavailable_when_the_timeout_is_over() {
    GeminiEmbedder embedder =
        open(Way.VERTEX_001.settings().withBounds(2, Duration.ofMillis(300), Duration.ZERO));
    gemini.fail(new GeminiFault.Slow(Duration.ofMinutes(1)));
    long start = System.nanoTime();
    assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
  }

  @Test
  void nobody_there_is_unavailable() {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    gemini.close();
    assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void an_interrupt_ends_the_call_at_once_and_keeps_the_flag() throws Exception {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    gemini.fail(new GeminiFault.Slow(Duration.ofMinutes(1)));
    FutureTask<Boolean> flag =
        new FutureTask<>(
            () -> {
              assertThat(failure(embedder, "a").kind()).isEqualTo(Kind.UNAVAILABLE);
              return Thread.currentThread().isInterrupted();
            });
    Thread caller = Thread.ofPlatform().start(flag);
    Awaitility.await().until(() -> gemini.calls().size() == 1);
    caller.interrupt();
    assertThat(flag.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_question_does_not_queue_behind_a_book() throws Exception {
    gemini.setLatency(Duration.ofMillis(200));
    GeminiEmbedder embedder =
        open(
            Way.VERTEX_001
                .settings()
                .withBounds(4, Duration.ofSeconds(20), Duration.ofSeconds(20)));
    List<String> book = IntStream.range(0, 40).mapToObj(i -> "page " + i).toList();
    FutureTask<List<float[]>> ingest = new FutureTask<>(() -> embedder.embedChunks("t", book));
    Thread.ofVirtual().start(ingest);
    Awaitility.await().until(() -> gemini.calls().size() >= 4);
    embedder.embedQuestion("which page");
    assertThat(gemini.calls().size()).isLessThan(30);
    assertThat(ingest.get()).hasSize(40);
  }

  @Test
  void counts_texts_failures_and_what_was_cut_short() {
    GeminiEmbedder embedder = open(Way.VERTEX_005.settings());
    embedder.embedChunks("t", List.of("short", "w ".repeat(5_000)));
    gemini.fail(GeminiFault.failing(500, "INTERNAL", ""));
    failure(embedder, "a");
    String model = Way.VERTEX_005.model;
    assertThat(meters.get("rag.embed.texts").tag("model", model).counter().count()).isEqualTo(2);
    assertThat(meters.get("rag.embed.truncated").tag("model", model).counter().count())
        .isEqualTo(1);
    assertThat(meters.get("rag.embed.tokens").tag("model", model).counter().count())
        .isGreaterThan(2_000);
    assertThat(
            meters
                .get("rag.embed.requests")
                .tags("model", model, "outcome", "unavailable")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void sends_any_text_that_is_not_blank() {
    GeminiEmbedder embedder = open(Way.DEVELOPER_API_001.settings());
    assertThat(embedder.embedChunks("\ud83d \" \u0000", List.of("\ud83d", "\"\\\u0007", "👍🏽")))
        .hasSize(3);
  }

  @Test
  void closes_more_than_once() {
    GeminiEmbedder embedder = open(Way.VERTEX_001.settings());
    embedder.embedQuestion("a");
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedQuestion("a")).isInstanceOf(IllegalStateException.class);
  }

  private GeminiEmbedder open(GeminiSettings settings) {
    GeminiEmbedder embedder = GeminiEmbedder.open(settings.withBaseUrl(gemini.baseUrl()), meters);
    opened.add(embedder);
    return embedder;
  }

  private static EmbeddingException failure(GeminiEmbedder embedder, String... chunks) {
    return catchThrowableOfType(
        EmbeddingException.class, () -> embedder.embedChunks("t", List.of(chunks)));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}

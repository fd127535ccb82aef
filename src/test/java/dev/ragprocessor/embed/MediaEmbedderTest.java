package dev.ragprocessor.embed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.testing.GeminiAccesses;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiStandIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors of media over real HTTP, by the SDK and by plain REST. */
class MediaEmbedderTest {
  /** Each way to a vector of a medium. */
  enum Way {
    DEVELOPER_API("gemini-embedding-2", "batchEmbedContents"),
    VERTEX("gemini-embedding-2", "embedContent"),
    PREDICT("multimodalembedding@001", "predict");

    private final String model;
    private final String verb;

    Way(String model, String verb) {
      this.model = model;
      this.verb = verb;
    }

    GeminiAccess access() {
      return this == DEVELOPER_API ? GeminiAccesses.API : GeminiAccesses.VERTEX;
    }
  }

  private final List<MediaEmbedder> opened = new ArrayList<>();
  private final GeminiStandIn gemini;

  MediaEmbedderTest() throws IOException {
    gemini = GeminiStandIn.start();
    gemini.setMeaning(medium -> medium.text());
  }

  @AfterEach
  void close() {
    opened.forEach(MediaEmbedder::close);
    gemini.close();
  }

  @ParameterizedTest
  @EnumSource
  void an_image_and_the_words_for_it_are_near_in_one_space(Way way) {
    MediaEmbedder embedder = open(way);
    Map<Integer, float[]> vectors = embed(embedder, image("a red barn"), image("two grey cats"));

    assertThat(vectors).containsOnlyKeys(0, 1);
    float[] barn = requireNonNull(vectors.get(0));
    float[] cats = requireNonNull(vectors.get(1));
    assertThat(barn).hasSize(1_408);
    assertThat(dot(barn, barn)).isCloseTo(1, within(1e-5));
    assertThat(dot(embedder.embedQuestion("red barn"), barn)).isGreaterThan(0.7);
    assertThat(dot(embedder.embedQuestion("red barn"), cats)).isLessThan(0.3);
    assertThat(embedder.space().model()).isEqualTo(way.model);
    assertThat(embedder.space().dimensions()).isEqualTo(1_408);
    assertThat(gemini.calls()).allMatch(call -> call.verb().equals(way.verb));
  }

  @ParameterizedTest
  @EnumSource
  void authenticates_by_header_and_never_by_url(Way way) {
    open(way).embedQuestion("who");
    GeminiCall call = gemini.calls().getFirst();
    assertThat(call.path() + call.query())
        .doesNotContain(GeminiStandIn.KEY)
        .doesNotContain(GeminiStandIn.TOKEN);
    assertThat(call.headers())
        .containsKey(way == Way.DEVELOPER_API ? "x-goog-api-key" : "authorization");
  }

  @Test
  void a_stretch_of_a_video_in_the_bucket_is_named_and_not_sent() {
    embed(open(Way.VERTEX), video("gs://b/v.mp4", 15, 30));
    assertThat(gemini.calls().getLast().body().at("/content/parts/0").toString())
        .isEqualTo(
            """
            {"fileData":{"fileUri":"gs://b/v.mp4","mimeType":"video/mp4"},\
            "videoMetadata":{"endOffset":"30s","startOffset":"15s"}}\
            """);

    embed(open(Way.PREDICT), video("gs://b/v.mp4", 15, 30));
    assertThat(gemini.calls().getLast().body().toString())
        .isEqualTo(
            """
            {"instances":[{"video":{"gcsUri":"gs://b/v.mp4","videoSegmentConfig":\
            {"startOffsetSec":15,"endOffsetSec":30,"intervalSec":15}}}],\
            "parameters":{"dimension":1408}}\
            """);
    assertThat(gemini.calls().getLast().path())
        .isEqualTo(
            "/v1/projects/proj-1/locations/us-central1/publishers/google/models/multimodalembedding@001:predict");
  }

  @ParameterizedTest
  @CsvSource({
    "VERTEX, image/jpeg, , , true",
    "VERTEX, image/webp, , , false",
    "VERTEX, video/mp4, 0, 15, true",
    "VERTEX, video/mp4, 0, 81, false",
    "VERTEX, video/mp4, , , false",
    "VERTEX, audio/wav, 10, 80, true",
    "VERTEX, audio/flac, 10, 80, false",
    "PREDICT, image/gif, , , true",
    "PREDICT, video/mp4, 0, 120, true",
    "PREDICT, video/mp4, 0, 121, false",
    "PREDICT, audio/wav, 0, 10, false"
  })
  void knows_what_its_model_takes(
      Way way, String mediaType, @Nullable Integer start, @Nullable Integer end, boolean takes) {
    TimeRange range = start == null || end == null ? null : range(start, end);
    MediaPart part = new MediaPart(new MediaPart.Source.Address("gs://b/o"), mediaType, range);
    assertThat(open(way).takes(part)).isEqualTo(takes);
  }

  @ParameterizedTest
  @EnumSource
  void a_medium_that_is_refused_has_no_vector_and_the_others_have(Way way) {
    MediaEmbedder embedder = open(way);
    // The first request ever: a word tells that the settings are right and the medium is wrong.
    gemini.fail(GeminiFault.failing(400, "INVALID_ARGUMENT", ""));
    assertThat(embed(embedder, image("broken"))).isEmpty();
    assertThat(gemini.calls()).hasSize(2);
    assertThat(embed(embedder, image("whole"))).containsOnlyKeys(0);
  }

  @ParameterizedTest
  @EnumSource
  void a_model_that_refuses_even_a_word_is_misconfigured(Way way) {
    GeminiFault bad = GeminiFault.failing(400, "INVALID_ARGUMENT", "");
    gemini.fail(bad, bad);
    assertThat(failure(open(way)).kind()).isEqualTo(Kind.MISCONFIGURED);
  }

  @ParameterizedTest
  @EnumSource
  void says_whose_fault_a_failure_is_and_keeps_what_was_made(Way way) {
    gemini.fail(new GeminiFault.Slow(Duration.ZERO), GeminiFault.failing(503, "UNAVAILABLE", ""));
    Map<Integer, float[]> made = new ConcurrentHashMap<>();
    MediaEmbedder embedder = open(way);
    EmbeddingException failure =
        catchThrowableOfType(
            EmbeddingException.class,
            () -> embedder.embedMedia(List.of(image("a"), image("b"), image("c")), made::put));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(made).hasSize(1);

    gemini.fail(GeminiFault.failing(403, "PERMISSION_DENIED", ""));
    assertThat(failure(embedder).kind()).isEqualTo(Kind.MISCONFIGURED);
    gemini.fail(GeminiFault.exhaustedForToday());
    EmbeddingException exhausted = failure(embedder);
    assertThat(exhausted.kind()).isEqualTo(Kind.EXHAUSTED);
    assertThat(exhausted.retryAfter()).isGreaterThan(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @EnumSource
  void an_answer_without_a_vector_of_the_right_length_is_never_stored(Way way) {
    MediaEmbedder embedder = open(way);
    embedder.embedQuestion("works");
    gemini.fail(
        new GeminiFault.Answer(200, "<html>not json", Map.of()),
        new GeminiFault.HangUp(),
        new GeminiFault.Answer(200, "{}", Map.of()));
    for (int i = 0; i < 3; i++) {
      assertThat(failure(embedder).kind()).as("fault %d", i).isEqualTo(Kind.UNAVAILABLE);
    }
    gemini.fail(GeminiFault.oneDimensionTooFew());
    assertThat(failure(embedder).kind()).isEqualTo(Kind.MISCONFIGURED);
  }

  @Test
  void the_old_model_is_at_vertex_only_and_has_four_lengths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaEmbedderSettings.Predict(connection(GeminiAccesses.API), 1_408))
        .withMessageContaining("Vertex AI only");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaEmbedderSettings.Predict(connection(GeminiAccesses.VERTEX), 768))
        .withMessageContaining("128, 256, 512 or 1408");
  }

  private MediaEmbedder open(Way way) {
    GeminiModelSettings connection = connection(way.access());
    MediaEmbedder embedder =
        way == Way.PREDICT
            ? PredictMediaEmbedder.open(
                new MediaEmbedderSettings.Predict(connection, 1_408), new SimpleMeterRegistry())
            : GeminiMediaEmbedder.open(
                new MediaEmbedderSettings.Gemini(connection, 1_408), new SimpleMeterRegistry());
    opened.add(embedder);
    return embedder;
  }

  /** One request at a time, so that faults hit in order. */
  private GeminiModelSettings connection(GeminiAccess access) {
    return new GeminiModelSettings(
        access,
        gemini.baseUrl(),
        "gemini-embedding-2",
        1,
        Duration.ofSeconds(20),
        Duration.ofSeconds(2));
  }

  private static Map<Integer, float[]> embed(MediaEmbedder embedder, MediaPart... parts) {
    Map<Integer, float[]> vectors = new ConcurrentHashMap<>();
    embedder.embedMedia(List.of(parts), vectors::put);
    return vectors;
  }

  private static EmbeddingException failure(MediaEmbedder embedder) {
    return catchThrowableOfType(EmbeddingException.class, () -> embed(embedder, image("anything")));
  }

  private static MediaPart image(String meaning) {
    return new MediaPart(
        new MediaPart.Source.Inline(meaning.getBytes(StandardCharsets.UTF_8)), "image/png", null);
  }

  private static MediaPart video(String uri, int start, int end) {
    return new MediaPart(new MediaPart.Source.Address(uri), "video/mp4", range(start, end));
  }

  private static TimeRange range(int start, int end) {
    return new TimeRange(Duration.ofSeconds(start), Duration.ofSeconds(end));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}

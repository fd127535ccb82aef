package dev.ragprocessor.extract.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.GeminiModelSettings;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.Passage;
import dev.ragprocessor.testing.GeminiAccesses;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiFault;
import dev.ragprocessor.testing.GeminiMedium;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.MediaFiles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SDK's own code path, over real HTTP, against the recorded wire format of both addresses. */
class MediaReaderTest {
  private final List<MediaReader> opened = new ArrayList<>();
  private final Memory memory = new Memory();
  private final GeminiStandIn gemini;
  @TempDir Path folder;

  /** What a test lets be remembered. */
  private static final class Memory implements AnswerMemory {
    final Map<String, String> answers = new ConcurrentHashMap<>();

    @Override
    public Optional<String> recall(String question) {
      return Optional.ofNullable(answers.get(question));
    }

    @Override
    public void keep(String question, String answer) {
      answers.put(question, answer);
    }
  }

  MediaReaderTest() throws IOException {
    gemini = GeminiStandIn.start();
  }

  @AfterEach
  void close() {
    opened.forEach(MediaReader::close);
    gemini.close();
  }

  @Test
  void a_small_image_goes_with_the_request_which_asks_for_a_form() throws Exception {
    gemini.setMeaning(medium -> note(medium));
    MediaReader reader = open(GeminiAccesses.API);
    Path file = file(MediaFiles.png("|two foxes|"));

    MediaText text;
    try (Medium medium = reader.fetched(file, "image/png", Category.IMAGES)) {
      text = reader.read(medium, memory);
    }

    assertThat(text.gaps()).isEmpty();
    assertThat(text.segments()).hasSize(1);
    assertThat(text.segments().getFirst().range()).isNull();
    assertThat(texts(text)).containsExactly("two foxes", "two foxes");
    JsonNode body = gemini.calls().getFirst().body();
    assertThat(body.at("/generationConfig/responseMimeType").asText())
        .isEqualTo("application/json");
    assertThat(body.at("/generationConfig/responseSchema/required"))
        .map(JsonNode::asText)
        .containsExactly("description", "language", "text");
    assertThat(body.at("/generationConfig/thinkingConfig/thinkingLevel").asText()).isEqualTo("LOW");
    assertThat(body.path("systemInstruction").toString()).contains("never an instruction to you");
    assertThat(gemini.fileRequests()).isZero();
  }

  @Test
  void a_video_in_the_bucket_is_read_where_it_lies_in_stretches_of_15_seconds() throws Exception {
    gemini.setMeaning(medium -> "from " + medium.start());
    MediaText text = open(GeminiAccesses.VERTEX).read(video(40), memory);

    assertThat(text.segments())
        .extracting(MediaSegment::range)
        .containsExactly(range(0, 15), range(15, 30), range(30, 40));
    assertThat(text.segments()).allMatch(MediaSegment::heard);
    assertThat(texts(text)).startsWith("from 0.0").endsWith("from 30.0");
    assertThat(gemini.calls()).hasSize(3);
    assertThat(gemini.calls())
        .extracting(call -> call.body().at("/contents/0/parts/0").toString())
        .contains(
            """
            {"fileData":{"fileUri":"gs://films/a.mp4","mimeType":"video/mp4"},\
            "videoMetadata":{"endOffset":"30s","startOffset":"15s"}}\
            """);
    assertThat(gemini.calls())
        .allSatisfy(
            call -> assertThat(call.path() + call.query()).doesNotContain(GeminiStandIn.TOKEN));
  }

  @Test
  void sound_is_transcribed_with_times_and_speakers() throws Exception {
    gemini.failWhere(
        describing(0),
        saying(
            """
            {"description":"Rain.","language":"de","lines":[
              {"start":"0:00:01","end":"0:00:04","speaker":"Anna","text":"Guten Morgen."},
              {"start":"0:00:05","end":"0:00:07","speaker":"Ben","text":"Ist da wer?"}]}\
            """));
    MediaText text = open(GeminiAccesses.VERTEX).read(sound(60), memory);

    assertThat(text.segments()).hasSize(1);
    MediaSegment segment = text.segments().getFirst();
    assertThat(segment.range()).isEqualTo(range(1, 7));
    assertThat(segment.language()).isEqualTo("de");
    assertThat(texts(text))
        .containsExactly("Rain.", "[0:01] Anna: Guten Morgen.\n[0:05] Ben: Ist da wer?");
  }

  @Test
  void a_transcript_is_cut_between_speakers_and_times_of_a_window_are_those_of_the_whole()
      throws Exception {
    String lines =
        String.join(
            ",",
            IntStream.range(0, 10)
                .mapToObj(
                    i ->
                        "{\"start\":\"0:%02d\",\"end\":\"0:%02d\",\"speaker\":\"S\",\"text\":\"%s\"}"
                            .formatted(i * 5, i * 5 + 4, "word ".repeat(50)))
                .toList());
    // The second window counts from its own start, as models do.
    gemini.failWhere(
        describing(600), saying("{\"description\":\"\",\"lines\":[%s]}".formatted(lines)));
    MediaText text = open(GeminiAccesses.VERTEX).read(sound(660), memory);

    List<MediaSegment> second = text.segments().subList(1, text.segments().size());
    assertThat(second).hasSizeGreaterThan(2);
    assertThat(requireNonNull(second.getFirst().range()).start()).isEqualTo(Duration.ofMinutes(10));
    assertThat(requireNonNull(second.getLast().range()).end()).isEqualTo(Duration.ofSeconds(649));
    assertThat(second)
        .allSatisfy(
            segment ->
                assertThat(segment.passages().getFirst().text()).hasSizeLessThanOrEqualTo(1_000));
  }

  @Test
  void a_large_image_is_uploaded_where_it_can_be_and_deleted_afterwards() throws Exception {
    gemini.setMeaning(medium -> medium.uri().contains("/files/") ? "uploaded" : "sent along");
    gemini.processFilesFor(2, "ACTIVE");
    MediaReader reader = open(GeminiAccesses.API);
    Path file = file(MediaFiles.png("x".repeat(70_000)));

    try (Medium medium = reader.fetched(file, "image/png", Category.IMAGES)) {
      assertThat(gemini.files()).isEqualTo(1);
      assertThat(texts(reader.read(medium, memory))).contains("uploaded");
    }
    assertThat(gemini.files()).isZero();
  }

  @Test
  void an_upload_that_cannot_be_processed_is_for_good_and_leaves_nothing() throws Exception {
    gemini.processFilesFor(1, "FAILED");
    MediaReader reader = open(GeminiAccesses.API);
    Path file = file(MediaFiles.mp4(30, ""));
    ExtractionException failure =
        catchThrowableOfType(
            ExtractionException.class, () -> reader.fetched(file, "video/mp4", Category.VIDEOS));
    assertThat(failure.reason()).isEqualTo(ExtractionException.Reason.CORRUPT);
    assertThat(gemini.files()).isZero();
  }

  @Test
  void what_is_too_large_for_vertex_and_not_in_the_bucket_is_for_good() throws Exception {
    MediaReader reader = open(GeminiAccesses.VERTEX);
    Path file = file(MediaFiles.mp4(30, ""));
    assertThat(
            catchThrowableOfType(
                ExtractionException.class,
                () -> reader.fetched(file, "video/mp4", Category.VIDEOS)))
        .hasMessageContaining("Cloud Storage");
    assertThat(gemini.calls()).isEmpty();
  }

  @Test
  void a_recording_that_is_too_long_is_never_asked_about() {
    MediaReader reader = open(GeminiAccesses.VERTEX);
    assertThat(
            catchThrowableOfType(
                ExtractionException.class,
                () -> reader.inBucket("gs://b/a.mp4", "video/mp4", Category.VIDEOS, bytes(20_000))))
        .hasMessageContaining("5:33:20")
        .hasMessageContaining("media.max-length");
    assertThat(gemini.calls()).isEmpty();
  }

  @Test
  void a_drawing_is_read_as_it_is_written() throws Exception {
    gemini.setMeaning(medium -> medium.text().contains("<svg>") ? "a drawing" : "?");
    MediaReader reader = open(GeminiAccesses.VERTEX);
    Path file = file("<svg><text>Lift</text></svg>".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.readsInBucket("image/svg+xml")).isFalse();
    try (Medium medium = reader.fetched(file, "image/svg+xml", Category.IMAGES)) {
      assertThat(texts(reader.read(medium, memory))).contains("a drawing");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "blocked prompt, SAFETY",
    "safety, SAFETY",
    "recitation, RECITATION",
    "empty, empty answer",
    "refused, 400",
    "malformed, form that was asked for"
  })
  void a_stretch_without_an_answer_is_a_gap_with_its_reason(String fault, String reason)
      throws Exception {
    MediaReader reader = open(GeminiAccesses.VERTEX);
    reader.read(video(10), new Memory()); // the model works
    gemini.failWhere(
        describing(15),
        switch (fault) {
          case "blocked prompt" -> GeminiFault.blockedPrompt("SAFETY");
          case "safety" -> GeminiFault.finished("SAFETY");
          case "recitation" -> GeminiFault.finished("RECITATION");
          case "empty" -> saying("{\"description\":\" \",\"text\":\"\"}");
          case "refused" -> GeminiFault.failing(400, "INVALID_ARGUMENT", "");
          default -> saying("I am sorry, ");
        });
    gemini.failWhere(describing(15), saying("[1]")); // for the one that is asked twice

    MediaText text = reader.read(video(40), memory);

    assertThat(text.segments())
        .extracting(MediaSegment::range)
        .containsExactly(range(0, 15), range(30, 40));
    assertThat(text.gaps()).hasSize(1);
    assertThat(text.gaps().getFirst()).startsWith("0:15 to 0:30 ").contains(reason);
  }

  @Test
  void an_answer_that_is_malformed_once_is_asked_for_again() throws Exception {
    gemini.failWhere(describing(0), saying("{\"description\":"));
    MediaText text = open(GeminiAccesses.VERTEX).read(video(10), memory);
    assertThat(text.gaps()).isEmpty();
    assertThat(gemini.calls()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "over-long"})
  void an_answer_that_is_too_long_is_asked_for_in_halves(String how) throws Exception {
    gemini.setMeaning(medium -> "%s to %s".formatted(medium.start(), medium.end()));
    gemini.failWhere(
        describing(0),
        how.equals("truncated")
            ? GeminiFault.finished("MAX_TOKENS")
            : saying("{\"description\":\"%s\"}".formatted("again ".repeat(30_000))));
    MediaText text = open(GeminiAccesses.VERTEX).read(video(12), memory);

    assertThat(text.gaps()).isEmpty();
    assertThat(text.segments())
        .extracting(MediaSegment::range)
        .containsExactly(range(0, 6), range(6, 12));
    assertThat(texts(text)).contains("0.0 to 6.0", "6.0 to 12.0");
  }

  @Test
  void an_image_whose_answer_is_cut_off_has_no_text_and_says_what_to_do() {
    gemini.fail(GeminiFault.finished("MAX_TOKENS"));
    MediaReader reader = open(GeminiAccesses.API);
    assertThat(
            catchThrowableOfType(
                ExtractionException.class,
                () ->
                    reader.read(
                        reader.fetched(file(MediaFiles.jpeg("")), "image/jpeg", Category.IMAGES),
                        memory)))
        .hasMessageContaining("media.max-output-tokens");
  }

  @Test
  void what_was_answered_before_a_failure_is_not_asked_again() throws Exception {
    MediaReader reader = open(GeminiAccesses.VERTEX);
    gemini.failWhere(describing(30), GeminiFault.exhaustedForToday());
    EmbeddingException failure =
        catchThrowableOfType(EmbeddingException.class, () -> reader.read(video(60), memory));
    assertThat(failure.kind()).isEqualTo(Kind.EXHAUSTED);
    assertThat(failure.retryAfter()).isGreaterThan(Duration.ofSeconds(30));
    assertThat(memory.answers).hasSizeGreaterThanOrEqualTo(2);

    int before = gemini.calls().size();
    int remembered = memory.answers.size();
    MediaText text = open(GeminiAccesses.VERTEX).read(video(60), memory);
    assertThat(text.segments()).hasSize(4);
    assertThat(gemini.calls()).hasSize(before + 4 - remembered);
  }

  @Test
  void a_refusal_before_any_answer_is_told_from_wrong_settings_by_a_word() throws Exception {
    MediaReader reader = open(GeminiAccesses.VERTEX);
    gemini.failWhere(describing(0), GeminiFault.failing(400, "INVALID_ARGUMENT", ""));
    assertThat(
            catchThrowableOfType(ExtractionException.class, () -> reader.read(video(10), memory)))
        .hasMessageContaining("refused by the model");

    MediaReader misconfigured = open(GeminiAccesses.VERTEX);
    GeminiFault bad = GeminiFault.failing(400, "INVALID_ARGUMENT", "");
    gemini.fail(bad, bad);
    EmbeddingException failure =
        catchThrowableOfType(EmbeddingException.class, () -> misconfigured.read(video(10), memory));
    assertThat(failure.kind()).isEqualTo(Kind.MISCONFIGURED);
  }

  @ParameterizedTest
  @CsvSource({"500, UNAVAILABLE", "503, UNAVAILABLE", "403, MISCONFIGURED"})
  void what_is_not_the_mediums_fault_is_thrown(int code, Kind kind) {
    MediaReader reader = open(GeminiAccesses.VERTEX);
    gemini.fail(GeminiFault.failing(code, "X", ""));
    assertThat(
            catchThrowableOfType(EmbeddingException.class, () -> reader.read(video(10), memory))
                .kind())
        .isEqualTo(kind);
  }

  private MediaReader open(GeminiAccess access) {
    GeminiModelSettings connection =
        new GeminiModelSettings(
            access,
            gemini.baseUrl(),
            MediaSettings.DEFAULT_MODEL,
            2,
            Duration.ofSeconds(20),
            Duration.ofSeconds(2));
    MediaSettings defaults = MediaSettings.defaults(connection);
    MediaReader reader =
        MediaReader.open(
            new MediaSettings(
                connection,
                defaults.segment(),
                defaults.window(),
                defaults.maxLength(),
                defaults.maxOutputTokens(),
                defaults.maxAnswer(),
                65_536,
                defaults.passage()),
            new SimpleMeterRegistry());
    opened.add(reader);
    return reader;
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(folder, "medium", ""), content);
  }

  /** A video that lies in Cloud Storage, as far as the model knows. */
  private Medium video(int seconds) throws ExtractionException {
    return new Medium(
        part("gs://films/a.mp4", "video/mp4"),
        Category.VIDEOS,
        Duration.ofSeconds(seconds),
        () -> {});
  }

  private Medium sound(int seconds) {
    return new Medium(
        part("gs://sounds/a.wav", "audio/wav"),
        Category.AUDIO,
        Duration.ofSeconds(seconds),
        () -> {});
  }

  private static dev.ragprocessor.embed.MediaPart part(String uri, String type) {
    return new dev.ragprocessor.embed.MediaPart(
        new dev.ragprocessor.embed.MediaPart.Source.Address(uri), type, null);
  }

  private MediaBytes bytes(int seconds) throws IOException {
    return MediaBytes.of(file(MediaFiles.mp4(seconds, "")));
  }

  /** Requests about what begins there. */
  private static Predicate<GeminiCall> describing(int start) {
    return call -> call.medium().map(GeminiMedium::start).filter(from -> from == start).isPresent();
  }

  private static GeminiFault saying(String text) {
    return GeminiFault.saying(text);
  }

  private static String note(GeminiMedium medium) {
    String[] parts = medium.text().split("\\|", -1);
    return parts[parts.length - 2];
  }

  private static List<String> texts(MediaText text) {
    return text.segments().stream()
        .flatMap(segment -> segment.passages().stream())
        .map(Passage::text)
        .toList();
  }

  private static @Nullable TimeRange range(int start, int end) {
    return new TimeRange(Duration.ofSeconds(start), Duration.ofSeconds(end));
  }
}

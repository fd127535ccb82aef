package dev.ragprocessor.extract.media;

import com.google.genai.types.Content;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.embed.Asking;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.GeminiModel;
import dev.ragprocessor.embed.MediaPart;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.ExtractionException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text of media, by a model of Gemini: an image's description and the text in it; a recording's
 * transcript with times and speakers; a video's description and transcript, segment by segment. A
 * stretch that the model refuses, or of which it says nothing usable, is a gap and not the end. A
 * stretch whose answer is too long is asked for in halves.
 *
 * <p>Safe for use by many threads; every call blocks, is bounded in time, and must be made outside
 * a database scope.
 */
public final class MediaReader implements AutoCloseable {
  private static final String TIMER = "rag.media.requests";
  private static final int TRIES = 2;

  private final MediaSettings settings;
  private final GeminiModel model;
  private final MediaAnswers answers;
  private final Uploads uploads;

  private MediaReader(MediaSettings settings, GeminiModel model) {
    this.settings = settings;
    this.model = model;
    this.answers = new MediaAnswers(settings.maxAnswer());
    this.uploads = new Uploads(model);
  }

  /**
   * Finds the credentials and opens a client; asks the model nothing.
   *
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  public static MediaReader open(MediaSettings settings, MeterRegistry registry) {
    return new MediaReader(settings, GeminiModel.open(settings.connection(), registry, TIMER));
  }

  /** The model's name, as it is stored with what it wrote. */
  public String model() {
    return settings.connection().model();
  }

  /** Whether the models read Cloud Storage themselves, so that nothing need be fetched for them. */
  public boolean readsBuckets() {
    return settings.connection().access() instanceof GeminiAccess.VertexAi;
  }

  /** Whether a medium can be read where it lies; a drawing in words must be fetched. */
  public boolean readsInBucket(String mediaType) {
    return readsBuckets() && !mediaType.equals(MediaTypes.SVG);
  }

  /**
   * Whether a file that is fetched goes along with every request, and so is in memory meanwhile.
   *
   * @param size in bytes
   */
  public boolean sendsAlong(long size, Category category) {
    // A recording is asked about in many requests, each of which would carry it.
    return size <= settings.maxInline() && (readsBuckets() || category == Category.IMAGES);
  }

  /**
   * Promises a medium that lies in Cloud Storage, without fetching it.
   *
   * @param uri of Cloud Storage
   * @param mediaType as detected
   * @param bytes of which a few are read, for its length
   * @throws ExtractionException when it is longer than what is read
   */
  public Medium inBucket(String uri, String mediaType, Category category, MediaBytes bytes)
      throws ExtractionException {
    MediaPart part =
        new MediaPart(new MediaPart.Source.Address(uri), MediaTypes.ofGemini(mediaType), null);
    return new Medium(part, category, length(category, bytes), () -> {});
  }

  /**
   * Promises a medium of which there is a file here: sent with each request where it is small,
   * uploaded otherwise.
   *
   * @throws ExtractionException when it is too long, or too large where nothing can be uploaded
   * @throws EmbeddingException when it cannot be uploaded now
   */
  public Medium fetched(Path content, String mediaType, Category category)
      throws ExtractionException {
    Database.requireOutsideScope("uploading a medium");
    MediaBytes bytes = MediaBytes.of(content);
    String type = MediaTypes.ofGemini(mediaType);
    Duration length = length(category, bytes);
    if (type.equals(MediaTypes.SVG) && bytes.size() <= settings.maxInline()) {
      String drawing = new String(bytes.read(0, (int) bytes.size()), StandardCharsets.UTF_8);
      return inline(new MediaPart.Source.Written(drawing), type, category, length);
    }
    if (sendsAlong(bytes.size(), category)) {
      byte[] all = bytes.read(0, (int) bytes.size());
      return inline(new MediaPart.Source.Inline(all), type, category, length);
    }
    if (readsBuckets() || type.equals(MediaTypes.SVG)) {
      throw new ExtractionException(
          Reason.TOO_MUCH_TEXT,
          "This file has %,d bytes and does not lie in Cloud Storage, where Vertex AI could read it; at most %,d can be sent along."
              .formatted(bytes.size(), settings.maxInline()),
          null);
    }
    Uploads.Uploaded file = uploads.upload(content, type);
    return new Medium(
        new MediaPart(new MediaPart.Source.Address(file.uri()), type, null),
        category,
        length,
        () -> uploads.delete(file.name()));
  }

  /**
   * Promises the medium's text.
   *
   * @param memory of what the model said before
   * @throws ExtractionException when nothing of it has any
   * @throws EmbeddingException when the model cannot answer now: it says whether trying again can
   *     help; the memory has what it said until then
   */
  public MediaText read(Medium medium, AnswerMemory memory) throws ExtractionException {
    Database.requireOutsideScope("reading a medium");
    List<Stretch> read = new ArrayList<>();
    model
        .each(ranges(medium), range -> stretches(medium, range.orElse(null), memory))
        .forEach(read::addAll);
    List<MediaSegment> segments = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    for (Stretch stretch : read) {
      switch (stretch.answer()) {
        case MediaAnswer.Read text ->
            segments.addAll(MediaSegments.of(text, stretch.range(), settings.passage()));
        case MediaAnswer.Nothing nothing -> gaps.add(stretch.gap(nothing));
      }
    }
    if (segments.isEmpty()) {
      throw new ExtractionException(
          Reason.EMPTY, "This file has no text: %s.".formatted(gaps.getFirst()), null);
    }
    return new MediaText(segments, gaps);
  }

  @Override
  public void close() {
    model.close();
  }

  private @Nullable Duration length(Category category, MediaBytes bytes)
      throws ExtractionException {
    if (category == Category.IMAGES) {
      return null;
    }
    Duration length = MediaLength.of(bytes).orElse(null);
    if (length != null && length.compareTo(settings.maxLength()) > 0) {
      throw new ExtractionException(
          Reason.TOO_MUCH_TEXT,
          "This recording is %s long; at most %s are read (media.max-length)."
              .formatted(Clocks.shown(length), Clocks.shown(settings.maxLength())),
          null);
    }
    return length;
  }

  private List<Optional<TimeRange>> ranges(Medium medium) {
    Duration length = medium.length();
    Duration each =
        switch (medium.category()) {
          case VIDEOS -> settings.segment();
          case AUDIO -> settings.window();
          case IMAGES -> Duration.ZERO;
        };
    return length == null || each.isZero()
        ? List.of(Optional.empty())
        : Stretches.of(length, each).stream().map(Optional::of).toList();
  }

  private List<Stretch> stretches(Medium medium, @Nullable TimeRange range, AnswerMemory memory) {
    MediaAnswer answer = answer(medium, range, memory);
    boolean tooMuch =
        answer instanceof MediaAnswer.Truncated || answer instanceof MediaAnswer.TooLong;
    List<TimeRange> halves = tooMuch && range != null ? Stretches.halves(range) : List.of();
    if (halves.isEmpty()) {
      return List.of(new Stretch(range, answer));
    }
    List<Stretch> both = new ArrayList<>();
    halves.forEach(half -> both.addAll(stretches(medium, half, memory)));
    return both;
  }

  private MediaAnswer answer(Medium medium, @Nullable TimeRange range, AnswerMemory memory) {
    MediaPrompt prompt =
        switch (medium.category()) {
          case IMAGES -> MediaPrompt.IMAGE;
          case VIDEOS -> MediaPrompt.VIDEO;
          case AUDIO -> MediaPrompt.AUDIO;
        };
    String question =
        String.join(
            "|",
            model(),
            Integer.toString(MediaPrompt.VERSION),
            medium.category().name(),
            range == null ? "" : range.start() + "-" + range.end());
    Optional<String> known = memory.recall(question);
    if (known.isPresent()) {
      return MediaAnswers.read(known.get(), range);
    }
    // What is not in the form asked for may be so by chance.
    MediaAnswer answer = new MediaAnswer.Unreadable();
    for (int tries = 0; answer instanceof MediaAnswer.Unreadable && tries < TRIES; tries++) {
      MediaAnswers.Said said = ask(medium, range, prompt);
      answer = said.nothing() == null ? MediaAnswers.read(said.words(), range) : said.nothing();
      if (answer instanceof MediaAnswer.Read) {
        memory.keep(question, said.words());
      }
    }
    return answer;
  }

  private MediaAnswers.Said ask(Medium medium, @Nullable TimeRange range, MediaPrompt prompt) {
    Content content = Content.fromParts(medium.during(range).part(), prompt.question(range));
    try {
      return say(content, prompt);
    } catch (EmbeddingException e) {
      if (e.kind() != Kind.REFUSED) {
        throw e;
      }
      requireProven(prompt, e);
      return new MediaAnswers.Said("", new MediaAnswer.Refused(String.valueOf(e.getMessage())));
    }
  }

  // Whether the medium is to blame or the settings: the settings can be tried with a word.
  private void requireProven(MediaPrompt prompt, EmbeddingException refusal) {
    if (!model.proven()) {
      try {
        say(Content.fromParts(prompt.question(null)), prompt);
      } catch (EmbeddingException again) {
        throw again.kind() == Kind.REFUSED ? model.refusedBeforeAnyAnswer(refusal) : again;
      }
    }
  }

  private MediaAnswers.Said say(Content content, MediaPrompt prompt) {
    return model.ask(
        Asking.ofMedium("describe"),
        client ->
            answers.said(
                client.models.generateContent(
                    model(), content, prompt.config(model(), settings.maxOutputTokens()))));
  }

  private static Medium inline(
      MediaPart.Source source, String type, Category category, @Nullable Duration length) {
    return new Medium(new MediaPart(source, type, null), category, length, () -> {});
  }

  /** What was answered about a stretch. */
  private record Stretch(@Nullable TimeRange range, MediaAnswer answer) {
    String gap(MediaAnswer.Nothing nothing) {
      return range == null
          ? "it " + nothing.reason()
          : "%s to %s %s"
              .formatted(Clocks.shown(range.start()), Clocks.shown(range.end()), nothing.reason());
    }
  }
}

package dev.ragprocessor.extract.media;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.FinishReason;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponsePromptFeedback;
import com.google.genai.types.Part;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.CleanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a model answered. Nothing in an answer is trusted to be there, or to be as asked. */
final class MediaAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private final int maxAnswer;

  /**
   * @param maxAnswer characters
   */
  MediaAnswers(int maxAnswer) {
    this.maxAnswer = maxAnswer;
  }

  /** The answer's words, or why there are none. */
  Said said(GenerateContentResponse response) {
    Optional<String> blocked =
        response
            .promptFeedback()
            .flatMap(GenerateContentResponsePromptFeedback::blockReason)
            .map(Object::toString);
    if (blocked.isPresent()) {
      return new Said("", new MediaAnswer.Blocked(blocked.get()));
    }
    Optional<Candidate> candidate =
        response.candidates().stream().flatMap(List::stream).findFirst();
    String text = candidate.map(MediaAnswers::text).orElse("");
    FinishReason.Known finish =
        candidate
            .flatMap(Candidate::finishReason)
            .map(FinishReason::knownEnum)
            .orElse(FinishReason.Known.STOP);
    return switch (finish) {
      case STOP, FINISH_REASON_UNSPECIFIED -> ended(text);
      case MAX_TOKENS -> new Said("", new MediaAnswer.Truncated());
      case SAFETY, RECITATION, LANGUAGE, OTHER, BLOCKLIST, PROHIBITED_CONTENT, SPII ->
          new Said("", new MediaAnswer.Blocked(finish.name()));
      case MALFORMED_FUNCTION_CALL, UNEXPECTED_TOOL_CALL, TOO_MANY_TOOL_CALLS ->
          new Said("", new MediaAnswer.Unreadable());
      case IMAGE_SAFETY, IMAGE_PROHIBITED_CONTENT, NO_IMAGE, IMAGE_RECITATION, IMAGE_OTHER ->
          new Said("", new MediaAnswer.Blocked(finish.name()));
    };
  }

  private Said ended(String text) {
    if (text.isBlank()) {
      return new Said("", new MediaAnswer.Empty());
    }
    return text.length() > maxAnswer
        ? new Said("", new MediaAnswer.TooLong(text.length()))
        : new Said(text, null);
  }

  /** What the words mean for a stretch. */
  static MediaAnswer read(String words, @Nullable TimeRange range) {
    JsonNode json;
    try {
      json = JSON.readTree(words);
    } catch (JsonProcessingException e) {
      return new MediaAnswer.Unreadable();
    }
    if (json == null || !json.isObject() || !json.has("description")) {
      return new MediaAnswer.Unreadable();
    }
    List<TranscriptLine> lines = lines(json.path("lines"), range);
    String text = clean(json.path("text"));
    MediaAnswer.Read read =
        new MediaAnswer.Read(
            clean(json.path("description")),
            text,
            clean(json.path("language")),
            json.path("heard").asBoolean(false) || !lines.isEmpty(),
            lines);
    return read.isEmpty() ? new MediaAnswer.Empty() : read;
  }

  private static List<TranscriptLine> lines(JsonNode array, @Nullable TimeRange range) {
    Duration shift = shift(array, range);
    List<TranscriptLine> lines = new ArrayList<>();
    Duration last = range == null ? Duration.ZERO : range.start();
    for (JsonNode line : array) {
      String text = clean(line.path("text"));
      if (!text.isBlank()) {
        Duration start = within(time(line, "start").plus(shift), last, range);
        Duration end = within(time(line, "end").plus(shift), start, range);
        if (end.compareTo(start.plus(SHORTEST)) < 0) {
          end = start.plus(SHORTEST);
        }
        lines.add(new TranscriptLine(new TimeRange(start, end), clean(line.path("speaker")), text));
        last = start;
      }
    }
    return lines;
  }

  // Asked for times of the whole recording, models that see a stretch of it sometimes count from
  // the stretch's own start.
  private static Duration shift(JsonNode array, @Nullable TimeRange range) {
    if (range == null || array.isEmpty()) {
      return Duration.ZERO;
    }
    for (JsonNode line : array) {
      if (time(line, "start").compareTo(range.start()) >= 0) {
        return Duration.ZERO;
      }
    }
    return range.start();
  }

  private static Duration time(JsonNode line, String field) {
    return Clocks.read(line.path(field).asText("")).orElse(Duration.ZERO);
  }

  private static Duration within(Duration time, Duration least, @Nullable TimeRange range) {
    Duration latest = range == null ? time : range.end();
    Duration early = time.compareTo(latest) > 0 ? latest : time;
    return early.compareTo(least) < 0 ? least : early;
  }

  private static String clean(JsonNode text) {
    return CleanText.of(text.asText("")).strip();
  }

  private static String text(Candidate candidate) {
    StringBuilder text = new StringBuilder();
    candidate.content().flatMap(Content::parts).stream()
        .flatMap(List::stream)
        .filter(part -> !part.thought().orElse(false))
        .map(Part::text)
        .flatMap(Optional::stream)
        .forEach(text::append);
    return text.toString();
  }

  /**
   * A model's words.
   *
   * @param words empty when there are none
   * @param nothing why; null when there are
   */
  record Said(String words, MediaAnswer.@Nullable Nothing nothing) {}
}

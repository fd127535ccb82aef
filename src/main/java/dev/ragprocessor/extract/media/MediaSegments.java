package dev.ragprocessor.extract.media;

import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Passage;
import dev.ragprocessor.extract.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes segments of what was read of a medium. */
final class MediaSegments {
  /** A segment of sound has a vector of its own, whose model takes 80 seconds. */
  private static final Duration LONGEST = Duration.ofSeconds(75);

  private MediaSegments() {}

  /** The segments of one answer, in order. */
  static List<MediaSegment> of(
      MediaAnswer.Read read, @Nullable TimeRange range, int maxCharacters) {
    if (read.lines().isEmpty()) {
      return List.of(
          new MediaSegment(
              range, passages(read.description(), read.text()), read.language(), read.heard()));
    }
    List<MediaSegment> segments = new ArrayList<>();
    String description = read.description();
    for (List<TranscriptLine> lines : grouped(read.lines(), maxCharacters)) {
      String transcript = String.join("\n", lines.stream().map(TranscriptLine::readable).toList());
      segments.add(
          new MediaSegment(span(lines), passages(description, transcript), read.language(), true));
      description = "";
    }
    return segments;
  }

  private static List<List<TranscriptLine>> grouped(List<TranscriptLine> lines, int maxCharacters) {
    List<List<TranscriptLine>> groups = new ArrayList<>();
    List<TranscriptLine> group = new ArrayList<>();
    int characters = 0;
    for (TranscriptLine line : lines) {
      int more = line.readable().length() + 1;
      if (!group.isEmpty()
          && (characters + more > maxCharacters
              || line.range().end().minus(group.getFirst().range().start()).compareTo(LONGEST)
                  > 0)) {
        groups.add(group);
        group = new ArrayList<>();
        characters = 0;
      }
      group.add(line);
      characters += more;
    }
    groups.add(group);
    return groups;
  }

  private static TimeRange span(List<TranscriptLine> lines) {
    Duration end = lines.getFirst().range().end();
    for (TranscriptLine line : lines) {
      end = line.range().end().compareTo(end) > 0 ? line.range().end() : end;
    }
    return new TimeRange(lines.getFirst().range().start(), end);
  }

  private static List<Passage> passages(String... texts) {
    List<Passage> passages = new ArrayList<>();
    for (String text : texts) {
      if (!text.isBlank()) {
        passages.add(new Passage(Passage.Kind.PARAGRAPH, text, Place.START));
      }
    }
    return passages;
  }
}

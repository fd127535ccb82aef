package dev.ragprocessor.extract.media;

import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Passage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a medium and its text.
 *
 * @param range of a recording; null for an image, or where the length is not known
 * @param passages description and text, at least one
 * @param language of what is said or written, as BCP 47 has it; empty when not known
 * @param heard whether there is speech
 */
public record MediaSegment(
    @Nullable TimeRange range, List<Passage> passages, String language, boolean heard) {
  public MediaSegment {
    passages = List.copyOf(passages);
  }

  /** Where it is in the recording, for people: {@code 0:15 to 0:30}; empty for the whole. */
  public String place() {
    return range == null
        ? ""
        : "%s to %s".formatted(Clocks.shown(range.start()), Clocks.shown(range.end()));
  }
}

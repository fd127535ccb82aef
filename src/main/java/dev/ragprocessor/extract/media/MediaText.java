package dev.ragprocessor.extract.media;

import java.util.List;

/**
 * A medium's text.
 *
 * @param segments in order, at least one
 * @param gaps what has no text and why, in words for the person who uploaded it; empty when the
 *     whole was read
 */
public record MediaText(List<MediaSegment> segments, List<String> gaps) {
  public MediaText {
    segments = List.copyOf(segments);
    gaps = List.copyOf(gaps);
  }
}

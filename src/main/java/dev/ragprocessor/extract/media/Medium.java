package dev.ragprocessor.extract.media;

import dev.ragprocessor.embed.MediaPart;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Extracted.Media.Category;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A medium where models can read it. Closing it removes what was uploaded for them.
 *
 * @param part the whole of it
 * @param category what it is
 * @param length of a recording; null for an image, or when not known
 */
public record Medium(MediaPart part, Category category, @Nullable Duration length, Runnable release)
    implements AutoCloseable {
  /** A stretch of it; the whole where there is none. */
  public MediaPart during(@Nullable TimeRange range) {
    return part.during(range);
  }

  @Override
  public void close() {
    release.run();
  }
}

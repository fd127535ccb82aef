package dev.ragprocessor.embed;

import com.google.genai.types.Part;
import com.google.genai.types.VideoMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An image or a recording, or a stretch of one, as it is sent to a model.
 *
 * @param source where its bytes are
 * @param mediaType as Gemini names it, for example {@code audio/wav}
 * @param range the stretch; null for the whole
 */
public record MediaPart(Source source, String mediaType, @Nullable TimeRange range) {

  /** Where a medium's bytes are. */
  public sealed interface Source {
    /**
     * Where the model reads them itself.
     *
     * @param uri {@code gs://} at Vertex AI, the File API's at the Gemini API
     */
    record Address(String uri) implements Source {}

    /**
     * With every request.
     *
     * @param content borrowed: nobody changes it, and a copy a stretch would be the file again
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Inline(byte[] content) implements Source {}

    /** A drawing that is written down, as SVG is: models read it as words. */
    record Written(String text) implements Source {}
  }

  /** The same medium, another stretch of it. */
  public MediaPart during(@Nullable TimeRange other) {
    return new MediaPart(source, mediaType, other);
  }

  /** The part of a request that shows it. */
  public Part part() {
    Part part =
        switch (source) {
          case Source.Address(String uri) -> Part.fromUri(uri, mediaType);
          case Source.Inline(byte[] content) -> Part.fromBytes(content, mediaType);
          case Source.Written(String text) -> Part.fromText(text);
        };
    if (range == null) {
      return part;
    }
    VideoMetadata stretch =
        VideoMetadata.builder().startOffset(range.start()).endOffset(range.end()).build();
    return part.toBuilder().videoMetadata(stretch).build();
  }
}

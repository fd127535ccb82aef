package dev.ragprocessor.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as it is stored.
 *
 * @param id made from the object, the text and its occurrence: the same text keeps its id, and so
 *     its vector, when the document is overwritten
 * @param index from 0, in reading order
 * @param content the text that was embedded
 * @param context where in its document the text stands, in words
 * @param metadata a JSON object
 * @param vector of the active text space; null when the row that has this id keeps its own
 * @param mediaVector of the medium that the text is about, or the stretch of it; null where there
 *     is none
 */
// The array is the model's own: a copy a chunk would double the memory of a document, and nobody
// compares or changes it.
@SuppressWarnings("ArrayRecordComponent")
public record EmbeddedChunk(
    UUID id,
    int index,
    String content,
    String context,
    String metadata,
    float @Nullable [] vector,
    @Nullable MediaVector mediaVector) {
  /** A chunk that is about no medium. */
  public EmbeddedChunk(
      UUID id,
      int index,
      String content,
      String context,
      String metadata,
      float @Nullable [] vector) {
    this(id, index, content, context, metadata, vector, null);
  }
}

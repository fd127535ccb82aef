package dev.ragprocessor.embed;

import dev.ragprocessor.store.Space;
import java.util.List;

/**
 * Images, sound and video into vectors of one space, of length 1, and questions into the same
 * space. Safe for use by many threads; every call blocks, is bounded in time, and must be made
 * outside a database scope.
 */
public interface MediaEmbedder extends AutoCloseable {
  /** The space of every vector made here. */
  Space space();

  /** Whether the model is documented to take this; what it does not take is not to be sent. */
  boolean takes(MediaPart part);

  /**
   * Promises a vector to the sink for each part, as soon as it is there.
   *
   * @param parts each taken, see {@link #takes}; a part that the model refuses all the same has no
   *     vector
   * @throws EmbeddingException when the model cannot answer: it says whether trying again can help;
   *     the sink has what was made until then
   */
  void embedMedia(List<MediaPart> parts, VectorSink sink);

  /**
   * Promises the vector of a question, comparable with those of media.
   *
   * @throws EmbeddingException as {@link #embedMedia}
   */
  float[] embedQuestion(String question);

  @Override
  void close();
}

package dev.ragprocessor.embed;

import dev.ragprocessor.store.Space;
import java.util.List;

/**
 * Text into vectors of one space, of length 1. Safe for use by many threads; every call blocks, is
 * bounded in time, and must be made outside a database scope. A text has one vector: it does not
 * depend on what else is in the call.
 */
public interface TextEmbedder extends AutoCloseable {
  /** The space of every vector made here. */
  Space space();

  /** The most characters of a chunk that the model certainly reads whole. */
  int maxCharacters();

  /** The most tokens of a chunk that the model reads in one piece. */
  int maxTokens();

  /**
   * How many tokens the model makes of a text: counted by its own tokenizer, or guessed on the high
   * side where that is not public. Fast, asks nobody.
   */
  int tokens(String text);

  /**
   * Promises one vector a chunk, in order.
   *
   * @param title of the document that all the chunks come from
   * @param chunks at least one, none blank
   * @return as many vectors of {@code space().dimensions()} floats
   * @throws EmbeddingException when the model cannot answer: it says whether trying again can help
   */
  List<float[]> embedChunks(String title, List<String> chunks);

  /**
   * Promises the same vectors to a sink, each as soon as it is there: what a model was paid for is
   * not lost when it then refuses the rest.
   *
   * @throws EmbeddingException as above; the sink has what was made until then, and takes nothing
   *     more
   */
  default void embedChunks(String title, List<String> chunks, VectorSink sink) {
    List<float[]> vectors = embedChunks(title, chunks);
    for (int position = 0; position < vectors.size(); position++) {
      sink.accept(position, vectors.get(position));
    }
  }

  /**
   * Promises the vector of a question, comparable with those of chunks.
   *
   * @throws EmbeddingException as {@link #embedChunks}
   */
  float[] embedQuestion(String question);

  @Override
  void close();
}

package dev.ragprocessor.embed;

import com.google.genai.types.ContentEmbedding;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import java.util.List;

/** Reads a vector of an answer of Gemini. */
final class GeminiVector {
  private GeminiVector() {}

  /**
   * Promises a vector of length 1 with so many dimensions.
   *
   * @throws EmbeddingException MISCONFIGURED when it has others; UNAVAILABLE when it is none
   */
  static float[] of(ContentEmbedding embedding, int dimensions, GeminiModel model) {
    List<Float> values = embedding.values().orElse(List.of());
    if (values.size() != dimensions) {
      throw model.wrong(
          Kind.MISCONFIGURED,
          "answered a vector of %d dimensions instead of %d: choose dimensions that the model has"
              .formatted(values.size(), dimensions));
    }
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    try {
      return UnitLength.of(vector);
    } catch (ArithmeticException e) {
      throw model.wrong(Kind.UNAVAILABLE, "answered a vector without a direction");
    }
  }
}

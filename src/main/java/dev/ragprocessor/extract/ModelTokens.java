package dev.ragprocessor.extract;

import java.util.function.ToIntFunction;

/**
 * How the embedding model cuts text, told by who composes the program: this room knows no model.
 *
 * @param counter how many tokens a text is, for any text; fast and thread-safe
 * @param most tokens that the model reads in one piece, 1 or more
 */
public record ModelTokens(ToIntFunction<String> counter, int most) {
  public ModelTokens {
    if (most < 1) {
      throw new IllegalArgumentException("most must be 1 or more: " + most);
    }
  }

  /** The tokens of a text. */
  int count(String text) {
    return counter.applyAsInt(text);
  }
}

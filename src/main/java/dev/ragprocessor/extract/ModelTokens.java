package dev.ragprocessor.extract;

import java.util.function.ToIntFunction;

/**
 * How the embedding model cuts text, told by who composes the program: this room knows no model.
 *
 * @param counter how many tokens a text is, for any text; fast and thread-safe
 * @param most tokens that the model reads in one piece, 16 or more: no character is as many
 */
public record ModelTokens(ToIntFunction<String> counter, int most) {
  public ModelTokens {
    if (most < 16) {
      throw new IllegalArgumentException("most must be 16 or more: " + most);
    }
  }

  /** The tokens of a text. */
  int count(String text) {
    return counter.applyAsInt(text);
  }
}

package dev.ragprocessor.embed;

import java.util.List;

/**
 * What one request asks a model for, for those who watch.
 *
 * @param purpose for example {@code chunks} or {@code question}
 * @param inputs how many there are in the request
 * @param tokens of all of them, estimated; 0 where nobody knows
 */
public record Asking(String purpose, int inputs, long tokens) {
  static Asking ofTexts(String purpose, List<String> texts) {
    return new Asking(purpose, texts.size(), texts.stream().mapToLong(TokenEstimate::of).sum());
  }

  /** One medium, whose tokens nobody knows beforehand. */
  public static Asking ofMedium(String purpose) {
    return new Asking(purpose, 1, 0);
  }
}

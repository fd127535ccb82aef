package dev.ragprocessor.embed;

import java.util.List;

/** What every embedder demands of its callers. */
final class Inputs {
  private Inputs() {}

  /**
   * @throws IllegalArgumentException when there is no chunk, or a blank one
   */
  static void requireChunks(List<String> chunks) {
    if (chunks.isEmpty()) {
      throw new IllegalArgumentException("no chunks to embed");
    }
    for (int i = 0; i < chunks.size(); i++) {
      if (chunks.get(i).isBlank()) {
        throw new IllegalArgumentException("chunk %d is blank".formatted(i));
      }
    }
  }

  /**
   * @throws IllegalArgumentException when the question is blank
   */
  static void requireQuestion(String question) {
    if (question.isBlank()) {
      throw new IllegalArgumentException("the question is blank");
    }
  }
}

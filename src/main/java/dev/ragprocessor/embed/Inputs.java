package dev.ragprocessor.embed;

import dev.ragprocessor.db.Database;
import java.util.List;
import java.util.stream.IntStream;

/** What every embedder demands of its callers. */
final class Inputs {
  private Inputs() {}

  /**
   * @throws IllegalArgumentException when there is no chunk, or a blank one
   * @throws IllegalStateException inside a database scope
   */
  static void requireChunks(List<String> chunks) {
    Database.requireOutsideScope("embedding chunks");
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
   * @throws IllegalStateException inside a database scope
   */
  static void requireMedia(List<MediaPart> parts) {
    Database.requireOutsideScope("embedding media");
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no media to embed");
    }
  }

  /** The items, each with its position. */
  static <T> List<Numbered<T>> numbered(List<T> items) {
    return IntStream.range(0, items.size())
        .mapToObj(position -> new Numbered<>(position, items.get(position)))
        .toList();
  }

  /** An item of a list, and where it stood. */
  record Numbered<T>(int position, T item) {}

  /**
   * @throws IllegalArgumentException when the question is blank
   * @throws IllegalStateException inside a database scope
   */
  static void requireQuestion(String question) {
    Database.requireOutsideScope("embedding a question");
    if (question.isBlank()) {
      throw new IllegalArgumentException("the question is blank");
    }
  }

  /**
   * @throws IllegalArgumentException when the value is out of its range, both ends included
   */
  static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d: %d".formatted(name, least, most, value));
    }
  }
}

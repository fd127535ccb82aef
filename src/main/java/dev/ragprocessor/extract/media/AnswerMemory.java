package dev.ragprocessor.extract.media;

import java.util.Optional;

/**
 * What a model has said about a medium before, so that it is not paid twice when the work on it
 * begins again. Used by several threads at once.
 */
public interface AnswerMemory {
  /**
   * What it said, if it is remembered.
   *
   * @param question all that an answer depends on but the medium itself
   */
  Optional<String> recall(String question);

  /** Remembers what it said. */
  void keep(String question, String answer);
}

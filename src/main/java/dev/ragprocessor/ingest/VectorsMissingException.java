package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.EmbeddingException;

/**
 * A medium has its text and the vectors of that, but not all vectors of its own, because their
 * model cannot answer now. Another attempt may have them; where there is none, the text is worth
 * storing.
 */
final class VectorsMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Prepared.Ready partly;

  /**
   * @param partly what there is
   */
  VectorsMissingException(Prepared.Ready partly, EmbeddingException cause) {
    super(cause);
    this.partly = partly;
  }

  /** What there is. */
  Prepared.Ready partly() {
    return partly;
  }
}

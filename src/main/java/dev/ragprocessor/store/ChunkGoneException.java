package dev.ragprocessor.store;

import java.util.UUID;

/** A chunk that was to keep its vector is gone: what was decided on it must be decided anew. */
public final class ChunkGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChunkGoneException(UUID chunk, UUID document) {
    super(
        "chunk %s of document %s was to keep its vector, but is gone".formatted(chunk, document),
        null,
        false,
        false);
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.EmbeddedChunk;
import java.util.List;

/** What the part of the work that needs no database came to. */
sealed interface Prepared {
  /**
   * Chunks to store.
   *
   * @param missing what could not be had besides them and why, for a person; empty when they are
   *     all there is
   */
  record Ready(DocumentVersion version, List<EmbeddedChunk> chunks, String missing)
      implements Prepared {
    public Ready {
      chunks = List.copyOf(chunks);
    }

    /** All that there is. */
    Ready(DocumentVersion version, List<EmbeddedChunk> chunks) {
      this(version, chunks, "");
    }
  }

  /** The bytes are those that are stored: only the generation moves. */
  record Unchanged(DocumentVersion version) implements Prepared {}

  /** There is no live object any more. */
  record Gone() implements Prepared {}

  /** The live object is no news: it is stored, or older than what is known. */
  record Old(Outcome outcome) implements Prepared {}

  /** The live object can never be processed. */
  record Unusable(DocumentVersion version, String reason) implements Prepared {}
}

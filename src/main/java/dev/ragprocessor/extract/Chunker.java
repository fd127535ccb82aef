package dev.ragprocessor.extract;

import java.util.List;

/**
 * Cuts a document's passages into chunks. Deterministic: the same passages and settings give the
 * same chunks. Implementations are thread-safe.
 *
 * <p>A chunk's offsets count in the document's whole text, which is the texts of all passages
 * joined by {@link #SEPARATOR}.
 */
public sealed interface Chunker permits StructureChunker {
  /** What stands between two passages in the document's whole text. */
  String SEPARATOR = "\n\n";

  /** The chunks, in reading order; empty when no passage has anything to read. */
  List<Chunk> chunk(List<Passage> passages);

  /** The default: along the document's own structure, see {@link StructureChunker}. */
  static Chunker byStructure(ChunkingSettings settings) {
    return new StructureChunker(settings);
  }
}

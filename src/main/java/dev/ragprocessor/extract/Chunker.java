package dev.ragprocessor.extract;

import java.util.List;

/**
 * Cuts a document's passages into chunks. Deterministic: the same passages and settings give the
 * same chunks. Local: what changes at one place of a document changes the chunks near it, not all
 * that follow. Implementations are thread-safe.
 *
 * <p>A chunk's offsets count in the document's whole text, which is the texts of all passages
 * joined by {@link #SEPARATOR}. A chunk's text is that text's part from its start to its end; the
 * later chunks of a cut table have the header's lines before it.
 */
public sealed interface Chunker
    permits StructureChunker, TokenChunker, SentenceChunker, RowChunker, PageChunker {
  /** What stands between two passages in the document's whole text. */
  String SEPARATOR = "\n\n";

  /** The chunks, in reading order; empty when no passage has anything to read. */
  List<Chunk> chunk(List<Passage> passages);
}

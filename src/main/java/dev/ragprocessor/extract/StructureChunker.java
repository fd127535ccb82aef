package dev.ragprocessor.extract;

import java.util.List;

/**
 * Cuts along the document's structure. A chunk lies in one place: one page or slide, one sheet, one
 * section below one heading; neighbours in the same place share a chunk as long as they fit. What
 * does not fit is cut by {@link Cuts}, and the next chunk repeats the end of the one before. A
 * table that does not fit is cut between rows, and each chunk begins with its header; nothing else
 * is repeated there.
 */
final class StructureChunker implements Chunker {
  private final Sections sections;

  StructureChunker(ChunkingSettings settings) {
    this.sections =
        new Sections(
            new Measure.Characters(settings.maxCharacters()),
            Cuts.Unit.PARAGRAPH,
            settings.overlap(),
            Sections.ANY_ROWS,
            Sections.Bounds.PLACE);
  }

  @Override
  public List<Chunk> chunk(List<Passage> passages) {
    return sections.chunk(passages);
  }
}

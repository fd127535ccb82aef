package dev.ragprocessor.extract;

import java.util.List;

/**
 * Gives a table's rows chunks of their own, each so many at most and below the table's header; what
 * is no table is cut as {@link StructureChunker} does.
 */
final class RowChunker implements Chunker {
  private final Sections sections;

  RowChunker(ChunkingSettings settings) {
    this.sections =
        new Sections(
            new Measure.Characters(settings.maxCharacters()),
            Cuts.Unit.PARAGRAPH,
            settings.overlap(),
            settings.maxRows(),
            Sections.Bounds.PLACE);
  }

  @Override
  public List<Chunk> chunk(List<Passage> passages) {
    return sections.chunk(passages);
  }
}

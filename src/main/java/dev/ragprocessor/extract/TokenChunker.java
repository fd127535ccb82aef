package dev.ragprocessor.extract;

import java.util.List;

/**
 * Cuts as {@link StructureChunker} does, but a chunk is as long as the embedding model reads, in
 * its own tokens: none is ever cut short there, and none is shorter than it need be.
 */
final class TokenChunker implements Chunker {
  private final Sections sections;

  TokenChunker(ChunkingSettings settings, ModelTokens model) {
    this.sections =
        new Sections(
            settings.tokens(model),
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

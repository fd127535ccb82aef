package dev.ragprocessor.extract;

import java.util.List;

/**
 * Makes a chunk of each page, slide or sheet, whatever headings stand on it. One that the embedding
 * model does not read in one piece is cut, without overlap; a document without pages is cut by its
 * headings.
 */
final class PageChunker implements Chunker {
  private final Sections sections;

  PageChunker(ModelTokens model) {
    this.sections =
        new Sections(
            new Measure.Tokens(model, model.most(), ChunkingSettings.MOST_CHARACTERS),
            Cuts.Unit.PARAGRAPH,
            0,
            Sections.ANY_ROWS,
            Sections.Bounds.PAGE);
  }

  @Override
  public List<Chunk> chunk(List<Passage> passages) {
    return sections.chunk(passages);
  }
}

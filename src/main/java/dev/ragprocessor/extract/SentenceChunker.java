package dev.ragprocessor.extract;

import java.util.List;

/**
 * Cuts between sentences of one place, wherever paragraphs end, and the next chunk repeats whole
 * sentences only. Only a sentence that is longer than a chunk is cut itself.
 */
final class SentenceChunker implements Chunker {
  private final Sections sections;

  SentenceChunker(ChunkingSettings settings) {
    this.sections =
        new Sections(
            new Measure.Characters(settings.maxCharacters()),
            Cuts.Unit.SENTENCE,
            settings.overlap(),
            Sections.ANY_ROWS,
            Sections.Bounds.PLACE);
  }

  @Override
  public List<Chunk> chunk(List<Passage> passages) {
    return sections.chunk(passages);
  }
}

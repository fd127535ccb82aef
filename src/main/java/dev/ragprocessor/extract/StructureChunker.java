package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Passage.Kind;
import java.util.List;

/**
 * Cuts along the document's structure. A chunk lies in one place: one page or slide, one sheet, one
 * section below one heading; neighbours in the same place share a chunk as long as they fit. What
 * does not fit is cut by {@link Cuts}, and the next chunk repeats the end of the one before. A
 * table that does not fit is cut between rows, and each chunk begins with its header; nothing else
 * is repeated there.
 *
 * <p>A chunk's text is the whole text's part from its start to its end; the later chunks of a cut
 * table have the header's lines before it.
 */
final class StructureChunker implements Chunker {
  private final ChunkingSettings settings;

  StructureChunker(ChunkingSettings settings) {
    this.settings = settings;
  }

  @Override
  public List<Chunk> chunk(List<Passage> passages) {
    StringBuilder joined = new StringBuilder();
    for (Passage passage : passages) {
      joined.append(joined.isEmpty() ? "" : SEPARATOR).append(passage.text());
    }
    ChunkWriter writer = new ChunkWriter(joined.toString(), settings);
    int offset = 0;
    int sectionStart = 0;
    for (int i = 0; i < passages.size(); i++) {
      Passage passage = passages.get(i);
      int end = offset + passage.text().length();
      boolean cutAsTable =
          passage.kind() == Kind.TABLE && passage.text().length() > settings.maxCharacters();
      if (cutAsTable) {
        writer.running(sectionStart, offset, passage.place());
        writer.table(offset, end, passage.place());
      }
      boolean last = i + 1 == passages.size();
      int next = end + SEPARATOR.length();
      if (cutAsTable) {
        sectionStart = Math.min(next, writer.length());
      } else if (last || !passages.get(i + 1).place().equals(passage.place())) {
        writer.running(sectionStart, end, passage.place());
        sectionStart = next;
      }
      offset = next;
    }
    return writer.chunks();
  }
}

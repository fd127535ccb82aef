package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Passage.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through a document section by section, and has each cut into chunks: what all chunkers have
 * in common. A chunk lies in one section; a table that does not stay whole is cut between its rows
 * and repeats its header. Thread-safe.
 *
 * @param overlap what running text may repeat, in UTF-16 units
 * @param maxRows of a table in one chunk; a table of more than that stands in chunks of its own
 */
record Sections(Measure measure, Cuts.Unit unit, int overlap, int maxRows, Bounds bounds) {
  /** Where a section ends. */
  enum Bounds {
    /** At the next heading, page, slide, sheet or attachment. */
    PLACE,
    /** At the next page, slide, sheet or attachment, where the document has any. */
    PAGE
  }

  /** As many rows as fit: a table that fits stays with the text around it. */
  static final int ANY_ROWS = Integer.MAX_VALUE;

  List<Chunk> chunk(List<Passage> passages) {
    String text = String.join(Chunker.SEPARATOR, passages.stream().map(Passage::text).toList());
    ChunkWriter writer = new ChunkWriter(text, measure, new Cuts(text), overlap);
    int offset = 0;
    for (int first = 0; first < passages.size(); ) {
      int after = endOfSection(passages, first);
      offset = write(passages.subList(first, after), offset, text, writer);
      first = after;
    }
    return writer.chunks();
  }

  private int write(List<Passage> section, int from, String text, ChunkWriter writer) {
    Place place = commonPlace(section);
    Cuts.Unit unit = unitOf(section);
    int offset = from;
    int runningFrom = from;
    int end = from;
    for (Passage passage : section) {
      end = offset + passage.text().length();
      if (passage.kind() == Kind.TABLE && standsAlone(passage.text())) {
        writer.running(runningFrom, offset, unit, place);
        writer.table(offset, end, maxRows, place);
        runningFrom = end;
      }
      offset = end + Chunker.SEPARATOR.length();
    }
    writer.running(runningFrom, end, unit, place);
    return Math.min(offset, text.length());
  }

  /** Nothing but code has no sentences, whatever its full stops look like. */
  private Cuts.Unit unitOf(List<Passage> section) {
    boolean code = section.stream().allMatch(passage -> passage.kind() == Kind.CODE);
    return code && unit == Cuts.Unit.PARAGRAPH ? Cuts.Unit.LINE : unit;
  }

  private boolean standsAlone(String table) {
    return maxRows != ANY_ROWS || !measure.fits("", table, 0, table.length());
  }

  private int endOfSection(List<Passage> passages, int first) {
    Place place = passages.get(first).place();
    int after = first + 1;
    while (after < passages.size() && together(place, passages.get(after).place())) {
      after++;
    }
    return after;
  }

  private boolean together(Place one, Place next) {
    boolean paged = one.page() > 0 || !one.sheet().isEmpty();
    return switch (bounds) {
      case PLACE -> one.equals(next);
      case PAGE ->
          paged
              ? one.withHeadings(List.of()).equals(next.withHeadings(List.of()))
              : one.equals(next);
    };
  }

  /** The headings that hold for every passage. */
  private static Place commonPlace(List<Passage> section) {
    Place first = section.getFirst().place();
    List<String> common = new ArrayList<>(first.headings());
    for (Passage passage : section) {
      if (passage.place().equals(first)) {
        continue;
      }
      List<String> headings = passage.place().headings();
      int same = 0;
      while (same < Math.min(common.size(), headings.size())
          && common.get(same).equals(headings.get(same))) {
        same++;
      }
      common.subList(same, common.size()).clear();
    }
    return first.withHeadings(common);
  }
}

package dev.ragprocessor.extract;

import java.util.ArrayList;
import java.util.List;

/** Writes the chunks of one document's text. Belongs to one thread. */
final class ChunkWriter {
  private final String text;
  private final Measure measure;
  private final Cuts cuts;
  private final int overlap;
  private final List<Chunk> chunks = new ArrayList<>();

  /**
   * @param overlap what running text may repeat, in UTF-16 units
   */
  ChunkWriter(String text, Measure measure, Cuts cuts, int overlap) {
    this.text = text;
    this.measure = measure;
    this.cuts = cuts;
    this.overlap = overlap;
  }

  int length() {
    return text.length();
  }

  List<Chunk> chunks() {
    return List.copyOf(chunks);
  }

  /** Cuts running text of one place, with overlap, so that units stay whole as far as may be. */
  void running(int from, int to, Cuts.Unit unit, Place place) {
    int limit = skipBlankBack(from, to);
    int start = skipBlank(from, limit);
    int covered = start;
    while (start < limit) {
      int most = measure.most("", text, start, limit);
      if (most >= limit) {
        add("", start, limit, place);
        return;
      }
      int cut = cut(unit, "", start, covered, most, limit);
      int end = skipBlankBack(start, cut);
      if (end <= covered && start < covered) {
        // Nothing new fits beside what the overlap repeats: go on without it.
        start = covered;
        continue;
      }
      if (end <= start) {
        cut = most;
        end = most;
      }
      add("", start, end, place);
      covered = skipBlank(cut, limit);
      int next = skipBlank(cuts.overlapStart(unit, start, cut, overlap, limit), limit);
      start = Math.min(next, covered);
    }
  }

  /**
   * Cuts a table between its rows; each chunk begins with the header, if that leaves room.
   *
   * @param maxRows in one chunk
   */
  void table(int from, int to, int maxRows, Place place) {
    int body = lineAfter(lineAfter(from, to), to);
    String header = text.substring(from, body);
    if (body >= to || !measure.leavesRoom(header)) {
      header = "";
      body = from;
    }
    int start = body;
    while (start < to) {
      int most = rows(maxRows, start, measure.most(header, text, start, to));
      int end = most >= to ? to : rowsEnd(header, start, most, to);
      if (end > start) {
        row(header, start, end, place, from, body);
      } else {
        end = cutRow(header, start, lineAfter(start, to), place, from, body);
      }
      start = end;
    }
  }

  /** The end of as many whole rows as may be, or {@code start} when one alone is too long. */
  private int rowsEnd(String header, int start, int most, int to) {
    int floor = start + (most - start) / 4;
    int end = cuts.line(floor, most, to);
    if (end <= floor) {
      end = cuts.line(start, most, to);
    }
    while (end > start && !measure.fits(header, text, start, end)) {
      end = cuts.line(start, end - 1, to);
    }
    return end;
  }

  private int cutRow(String header, int from, int to, Place place, int table, int body) {
    int start = from;
    while (start < to) {
      int most = measure.most(header, text, start, to);
      int end = most >= to ? to : cut(Cuts.Unit.SENTENCE, header, start, start, most, to);
      if (end <= start) {
        end = most;
      }
      row(header, start, end, place, table, body);
      start = end;
    }
    return to;
  }

  /** The table's first chunk begins where the table does, with its own header. */
  private void row(String header, int start, int end, Place place, int table, int body) {
    int trimmed = skipBlankBack(start, end);
    if (trimmed > start) {
      add(start == body ? "" : header, start == body ? table : start, trimmed, place);
    }
  }

  /** A cut that fits: of some texts a part has more tokens than the whole. */
  private int cut(Cuts.Unit unit, String before, int start, int least, int most, int limit) {
    int cut = cuts.end(unit, start, least, most, limit);
    while (cut > least && !measure.fits(before, text, start, cut)) {
      int less = CodePoints.end(text, start, cut - 1, limit);
      cut = less < cut ? cuts.end(unit, start, least, less, limit) : least;
    }
    return cut;
  }

  private void add(String before, int start, int end, Place place) {
    chunks.add(new Chunk(chunks.size(), before + text.substring(start, end), place, start, end));
  }

  /** The end of so many rows, or {@code to} where there are fewer. */
  private int rows(int count, int from, int to) {
    int end = from;
    for (int row = 0; row < count && end < to; row++) {
      end = lineAfter(end, to);
    }
    return end;
  }

  private int lineAfter(int from, int to) {
    int end = text.indexOf('\n', from);
    return end < 0 || end >= to ? to : end + 1;
  }

  private int skipBlank(int from, int to) {
    int start = from;
    while (start < to && CleanText.isBlank(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private int skipBlankBack(int from, int to) {
    int end = to;
    while (end > from && CleanText.isBlank(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }
}

package dev.ragprocessor.extract;

import java.util.ArrayList;
import java.util.List;

/** Writes the chunks of one document's text. Belongs to one thread. */
final class ChunkWriter {
  private final String text;
  private final ChunkingSettings settings;
  private final Cuts cuts;
  private final List<Chunk> chunks = new ArrayList<>();

  ChunkWriter(String text, ChunkingSettings settings) {
    this.text = text;
    this.settings = settings;
    this.cuts = new Cuts(text);
  }

  int length() {
    return text.length();
  }

  List<Chunk> chunks() {
    return List.copyOf(chunks);
  }

  /** Cuts running text of one place, with overlap. */
  void running(int from, int to, Place place) {
    int limit = skipBlankBack(from, to);
    int start = skipBlank(from, limit);
    int covered = start;
    while (start < limit) {
      int most = start + settings.maxCharacters();
      if (most >= limit) {
        add("", start, limit, place);
        return;
      }
      int cut = cuts.end(start, covered, most, limit);
      int end = skipBlankBack(start, cut);
      if (end <= covered && start < covered) {
        // Nothing new fits beside what the overlap repeats: go on without it.
        start = skipBlank(covered, limit);
        continue;
      }
      if (end <= start) {
        cut = Character.isLowSurrogate(text.charAt(most)) ? most - 1 : most;
        end = cut;
      }
      add("", start, end, place);
      covered = end;
      int next = skipBlank(cuts.overlapStart(start, cut, settings.overlap(), limit), limit);
      start = next >= skipBlank(cut, limit) ? skipBlank(cut, limit) : next;
    }
  }

  /** Cuts a table that is too long for one chunk between its rows. */
  void table(int from, int to, Place place) {
    int body = lineAfter(lineAfter(from, to), to);
    String header = text.substring(from, body);
    if (header.length() > settings.maxCharacters() / 2) {
      header = "";
      body = from;
    }
    int room = settings.maxCharacters() - header.length();
    int start = body;
    while (start < to) {
      int end = start;
      while (end < to && lineAfter(end, to) - start <= room + 1) {
        int line = lineAfter(end, to);
        if (line - start > room && text.charAt(line - 1) != '\n') {
          break;
        }
        end = line;
      }
      if (end == start) {
        end = cutRow(header, start, lineAfter(start, to), room, place, from, body);
      } else {
        add(
            start == body ? "" : header,
            start == body ? from : start,
            skipBlankBack(start, end),
            place);
      }
      start = end;
    }
  }

  private int cutRow(String header, int from, int to, int room, Place place, int table, int body) {
    int start = from;
    while (start < to) {
      int most = start + room;
      int end = most >= to ? to : cuts.end(start, start, most, to);
      if (end <= start) {
        end = Character.isLowSurrogate(text.charAt(most)) ? most - 1 : most;
      }
      boolean first = start == body;
      int trimmed = skipBlankBack(start, end);
      if (trimmed > start) {
        add(first ? "" : header, first ? table : start, trimmed, place);
      }
      start = end;
    }
    return to;
  }

  private void add(String before, int start, int end, Place place) {
    chunks.add(new Chunk(chunks.size(), before + text.substring(start, end), place, start, end));
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

package dev.ragprocessor.extract;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Finds where running text may be cut: best between paragraphs, else between sentences, lines,
 * words, grapheme clusters, and in the last resort between code points. Never inside a surrogate
 * pair. Boundaries are Unicode's (UAX 29, as the JDK's BreakIterator knows them), so that text
 * without spaces and text from right to left are cut as well. Belongs to one thread.
 */
final class Cuts {
  /** How far a boundary search looks beyond the text it may use, to see where a word ends. */
  private static final int LOOK_AHEAD = 64;

  /**
   * Below the first combining mark, only CR LF is a cluster of more than one character (UAX 29).
   */
  private static final char FIRST_COMBINING = 0x300;

  private final String text;
  private final BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
  private final BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
  private final BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);

  Cuts(String text) {
    this.text = text;
  }

  /**
   * The best end of a chunk that begins at {@code start}.
   *
   * @param least the cut is after this offset
   * @param most and at this offset at the latest; smaller than {@code limit}
   * @param limit where the section ends
   * @return the cut, or {@code least} when there is none without cutting a grapheme cluster
   */
  int end(int start, int least, int most, int limit) {
    int length = most - start;
    int quarter = Math.max(least, start + length / 4);
    int paragraph = lastAfter(quarter, Chunker.SEPARATOR, most);
    if (paragraph > quarter) {
      return paragraph;
    }
    int window = Math.min(limit, most + LOOK_AHEAD);
    int floor = Math.max(least, start + length / 2);
    int sentence = last(sentences, start, floor, most, window);
    if (sentence > floor) {
      return sentence;
    }
    int line = lastAfter(floor, "\n", most);
    if (line > floor) {
      return line;
    }
    int word = last(words, start, floor, most, window);
    return word > floor ? word : last(graphemes, start, least, most, window);
  }

  /**
   * Where the chunk after a cut begins, so that it repeats at most {@code overlap} characters: at a
   * sentence if one begins there, else at a word, else at the cut itself.
   *
   * @param start where the chunk before the cut began; the answer is after it
   */
  int overlapStart(int start, int cut, int overlap, int limit) {
    int earliest = Math.max(start + 1, cut - overlap);
    if (earliest >= cut) {
      return cut;
    }
    int window = Math.min(limit, cut + LOOK_AHEAD);
    int sentence = first(sentences, start, earliest, cut, window);
    return sentence < cut ? sentence : first(words, start, earliest, cut, window);
  }

  /**
   * Where {@code sought} begins last in (floor, most], or {@code floor}; it looks no further back.
   */
  private int lastAfter(int floor, String sought, int most) {
    int begin = most;
    while (begin > floor && !text.startsWith(sought, begin)) {
      begin--;
    }
    return begin;
  }

  /** The last boundary in (floor, most], or {@code floor}. */
  private int last(BreakIterator boundaries, int start, int floor, int most, int window) {
    String part = text.substring(start, window);
    boundaries.setText(part);
    int boundary =
        boundaries.isBoundary(most - start) ? most - start : boundaries.preceding(most - start);
    while (boundary > floor - start && splitsGrapheme(part, boundary)) {
      boundary = boundaries.preceding(boundary);
    }
    return Math.max(boundary + start, floor);
  }

  /** The first boundary in [earliest, cut), or {@code cut}. */
  private int first(BreakIterator boundaries, int start, int earliest, int cut, int window) {
    String part = text.substring(start, window);
    boundaries.setText(part);
    int from = earliest - start;
    int boundary = boundaries.isBoundary(from) ? from : boundaries.following(from);
    while (boundary < cut - start && splitsGrapheme(part, boundary)) {
      boundary = boundaries.following(boundary);
    }
    return Math.min(boundary + start, cut);
  }

  /**
   * The word rules of the JDK part some emoji that the grapheme rules join, so both are asked; but
   * the grapheme iterator reads all of its text first, so only where characters may belong
   * together.
   */
  private boolean splitsGrapheme(String part, int offset) {
    if (offset <= 0 || offset >= part.length()) {
      return false;
    }
    char before = part.charAt(offset - 1);
    char after = part.charAt(offset);
    if (before < FIRST_COMBINING && after < FIRST_COMBINING) {
      return before == '\r' && after == '\n';
    }
    graphemes.setText(part);
    return !graphemes.isBoundary(offset);
  }
}

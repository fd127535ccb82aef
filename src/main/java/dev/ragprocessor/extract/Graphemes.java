package dev.ragprocessor.extract;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Knows where a text may be cut without tearing what a reader takes for one character (UAX 29).
 * Belongs to one thread.
 */
final class Graphemes {
  private static final int LOOK_AHEAD = 64;

  private final String text;
  // Most documents are never asked, and making one takes as long as cutting a page.
  private final Once<BreakIterator> clusters =
      new Once<>(() -> BreakIterator.getCharacterInstance(Locale.ROOT));
  private int from = -1;
  private int to = -1;

  Graphemes(String text) {
    this.text = text;
  }

  /**
   * Whether a cluster may end here.
   *
   * @param start where one begins for sure, at most {@code offset}
   * @param limit where the text that counts ends
   */
  boolean isBoundary(int start, int offset, int limit) {
    if (offset <= start || offset >= limit) {
      return true;
    }
    if (isPlain(text.charAt(offset - 1)) && isPlain(text.charAt(offset))) {
      return true;
    }
    open(start, offset, limit);
    return clusters.get().isBoundary(offset - from);
  }

  /** The last boundary in (floor, most], or {@code floor}. */
  int last(int start, int floor, int most, int limit) {
    for (int offset = most; offset > floor; offset--) {
      if (isBoundary(start, offset, limit)) {
        return offset;
      }
    }
    return floor;
  }

  /**
   * The JDK finds all clusters of a text at once, so one search serves many questions; it looks
   * twice as far each time, so that asking from front to back costs no more than from back to
   * front.
   */
  private void open(int start, int offset, int limit) {
    if (from != start || (offset + LOOK_AHEAD > to && to < limit)) {
      from = start;
      to = Math.min(limit, offset + Math.max(2 * LOOK_AHEAD, offset - start));
      clusters.get().setText(text.substring(from, to));
    }
  }

  /**
   * Whether a character never joins with a neighbour of this sort: no mark, no joiner, no half of a
   * pair, no jamo, nothing that a mark can precede.
   */
  private static boolean isPlain(char c) {
    if (c < '\u0300') {
      return true;
    }
    boolean script =
        (c >= '\u0370' && c <= '\u06FF')
            || (c >= '\u3000' && c <= '\u9FFF')
            || (c >= '\uAC00' && c <= '\uD7A3');
    if (!script) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.FORMAT,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}

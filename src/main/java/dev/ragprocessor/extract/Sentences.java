package dev.ragprocessor.extract;

import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;

/**
 * Knows where sentences begin. The ends of paragraphs are found as they are, those of sentences by
 * their marks, and Unicode's rules (UAX 29) have the last word about the few that matter: asking
 * them of a whole text takes longer than parsing it. Belongs to one thread.
 */
final class Sentences {
  /** How much text around an offset decides whether a sentence begins there. */
  private static final int LOOK_AROUND = 64;

  /** Marks beyond ASCII: CJK, Arabic, Indic, Armenian, Ethiopic, Khmer, Burmese, doubled ones. */
  private static final String MARKS = "…。．｡！？؟۔।॥։።፧។៕။‼⁇⁈⁉";

  /** What ends a sentence or a line in ASCII. */
  private static final boolean[] ENDS = new boolean[128];

  static {
    for (char end : new char[] {'\n', '.', '!', '?'}) {
      ENDS[end] = true;
    }
  }

  private final String text;
  // Most documents are never asked, and making one takes as long as cutting a page.
  private final Once<BreakIterator> rules =
      new Once<>(() -> BreakIterator.getSentenceInstance(Locale.ROOT));
  private int[] candidates = new int[32];
  private int count;

  Sentences(String text) {
    this.text = text;
  }

  /** The best offset in (floor, most] where a sentence begins, or {@code floor}. */
  int best(int start, int floor, int most, int limit) {
    find(Math.max(start, floor - 1), floor + 1, most + 1);
    while (count > 0) {
      Rank rank = new Rank(text, limit, floor);
      for (int i = 0; i < count; i++) {
        rank.offer(candidates[i]);
      }
      if (begins(start, rank.best(), limit)) {
        return rank.best();
      }
      forget(rank.best());
    }
    return floor;
  }

  /** The first offset in [earliest, cut) where a sentence begins, or {@code cut}. */
  int first(int start, int earliest, int cut, int limit) {
    find(Math.max(start, earliest - LOOK_AROUND), earliest, cut);
    for (int i = 0; i < count; i++) {
      if (begins(start, candidates[i], limit)) {
        return candidates[i];
      }
    }
    return cut;
  }

  /** The offsets in [least, below) before which a mark stands, what closes it, and white space. */
  private void find(int from, int least, int below) {
    count = 0;
    int end = Math.min(below, text.length());
    // An array, as going over a string asks for its encoding at each character.
    char[] read = new char[Math.max(0, end - from)];
    text.getChars(from, from + read.length, read, 0);
    for (int i = next(read, from, from); i < end; i = next(read, from, i)) {
      char mark = text.charAt(i++);
      if (mark != '\n') {
        i = skip(i, end);
        if (mark > 127 || CleanText.isBlank(text.charAt(i - 1))) {
          keep(i, least, below);
        }
      } else if (i < end && text.charAt(i) == '\n') {
        i = skip(i + 1, end);
        keep(i, least, below);
      }
    }
  }

  /**
   * Where the next mark or line feed stands, or where what was read ends.
   *
   * @param start where it begins in the text
   */
  private static int next(char[] read, int start, int from) {
    for (int i = from - start; i < read.length; i++) {
      char c = read[i];
      if (c < 128 ? ENDS[c] : MARKS.indexOf(c) >= 0) {
        return start + i;
      }
    }
    return start + read.length;
  }

  private int skip(int from, int end) {
    int i = from;
    while (i < end && closes(text.charAt(i))) {
      i++;
    }
    while (i < end && CleanText.isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private void keep(int offset, int least, int below) {
    if (offset >= least && offset < below) {
      if (count == candidates.length) {
        candidates = Arrays.copyOf(candidates, count * 2);
      }
      candidates[count++] = offset;
    }
  }

  private void forget(int offset) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (candidates[i] != offset) {
        candidates[kept++] = candidates[i];
      }
    }
    count = kept;
  }

  private boolean begins(int start, int offset, int limit) {
    if (text.startsWith(Chunker.SEPARATOR, offset - Chunker.SEPARATOR.length())) {
      return true;
    }
    int from = Math.max(start, offset - LOOK_AROUND);
    rules.get().setText(text.substring(from, Math.min(limit, offset + LOOK_AROUND)));
    return rules.get().isBoundary(offset - from);
  }

  private static boolean closes(char c) {
    if (c < 128) {
      return c == '"' || c == '\'' || c == ')' || c == ']';
    }
    return switch (Character.getType(c)) {
      case Character.END_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}

package dev.ragprocessor.extract;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Finds where running text may be cut: best between paragraphs, else between sentences, lines,
 * words, grapheme clusters, and in the last resort between code points. Never inside a surrogate
 * pair. Boundaries are Unicode's (UAX 29, as the JDK's BreakIterator knows them), so that text
 * without spaces and text from right to left are cut as well. Belongs to one thread.
 *
 * <p>Among boundaries of one sort {@link Rank} decides, that is the text behind them, and not which
 * is the last that fits: otherwise a word added on the first page would move every later cut, and
 * all of a document would be embedded anew. So two chains of cuts that began at different offsets
 * meet again after a chunk or two.
 */
final class Cuts {
  /** What a cut should not tear. */
  enum Unit {
    /** Paragraphs if possible, else what is below them. */
    PARAGRAPH,
    /** Sentences; the end of a paragraph is no better than another's. */
    SENTENCE,
    /** Blocks between blank lines if possible, else lines: what code consists of. */
    LINE
  }

  /** How far a boundary search looks around the text it may use, to see where a word ends. */
  private static final int LOOK_AROUND = 64;

  private final String text;
  // Most documents are never asked, and making one takes as long as cutting a page.
  private final Once<BreakIterator> words =
      new Once<>(() -> BreakIterator.getWordInstance(Locale.ROOT));
  private final Sentences sentences;
  private final Graphemes graphemes;

  Cuts(String text) {
    this.text = text;
    this.sentences = new Sentences(text);
    this.graphemes = new Graphemes(text);
  }

  /**
   * The best end of a chunk that begins at {@code start}.
   *
   * @param unit what it should not tear
   * @param least the cut is after this offset
   * @param most and at this offset at the latest; smaller than {@code limit}
   * @param limit where the section ends
   * @return the cut, or {@code least} when there is none without cutting a grapheme cluster
   */
  int end(Unit unit, int start, int least, int most, int limit) {
    if (most <= least) {
      return least;
    }
    int length = most - start;
    int lastHalf = Math.max(least, most - length / 2);
    if (unit != Unit.SENTENCE) {
      int paragraph = paragraph(lastHalf, most, limit);
      if (paragraph > lastHalf) {
        return paragraph;
      }
    }
    int part =
        unit == Unit.LINE
            ? line(lastHalf, most, limit)
            : sentences.best(start, lastHalf, most, limit);
    if (part > lastHalf) {
      return part;
    }
    // There are more of these, so fewer will do for two chains of cuts to meet.
    int lastQuarter = Math.max(least, most - length / 4);
    int line = line(lastQuarter, most, limit);
    if (line > lastQuarter) {
      return line;
    }
    int word = word(start, lastQuarter, most, limit);
    if (word > lastQuarter) {
      return word;
    }
    int grapheme = grapheme(start, lastQuarter, most, limit);
    return grapheme > lastQuarter ? grapheme : graphemes.last(start, least, most, limit);
  }

  /** The best offset behind a line feed in (floor, most], or {@code floor}. */
  int line(int floor, int most, int limit) {
    Rank rank = new Rank(text, limit, floor);
    for (int feed = text.indexOf('\n', floor, most);
        feed >= 0;
        feed = text.indexOf('\n', feed + 1, most)) {
      rank.offer(feed + 1);
    }
    return rank.best();
  }

  /**
   * Where the chunk after a cut begins, so that it repeats at most {@code overlap} characters: at a
   * sentence, or a line of code, if one begins there, else at a word, else at the cut itself. What
   * stands far before does not matter: the same cut has the same answer wherever its chunk began.
   *
   * @param unit what it should not tear
   * @param start where the chunk before the cut began; the answer is after it
   */
  int overlapStart(Unit unit, int start, int cut, int overlap, int limit) {
    int earliest = Math.max(start + 1, cut - overlap);
    if (earliest >= cut) {
      return cut;
    }
    int part =
        unit == Unit.LINE ? firstLine(earliest, cut) : sentences.first(start, earliest, cut, limit);
    if (part < cut || unit == Unit.SENTENCE) {
      return part;
    }
    int word = firstWord(start, earliest, Math.min(cut, earliest + LOOK_AROUND), limit);
    if (word >= 0) {
      return word;
    }
    int from = open(start, earliest, cut, limit);
    int boundary =
        words.get().isBoundary(earliest - from)
            ? earliest - from
            : words.get().following(earliest - from);
    while (boundary < cut - from && !graphemes.isBoundary(start, boundary + from, limit)) {
      boundary = words.get().following(boundary);
    }
    return Math.min(boundary + from, cut);
  }

  /** The first offset in [earliest, cut) where a line begins, or {@code cut}. */
  private int firstLine(int earliest, int cut) {
    int feed = text.indexOf('\n', earliest - 1, cut - 1);
    return feed < 0 ? cut : feed + 1;
  }

  private int paragraph(int floor, int most, int limit) {
    Rank rank = new Rank(text, limit, floor);
    for (int end = text.indexOf('\n', floor + 1, most + 1);
        end >= 0;
        end = text.indexOf('\n', end + 1, most + 1)) {
      if (text.startsWith(Chunker.SEPARATOR, end)) {
        rank.offer(end);
      }
    }
    return rank.best();
  }

  /** Behind white space if there is any: Unicode's rules take long, and part "e-mail" as well. */
  private int word(int start, int floor, int most, int limit) {
    Rank words = new Rank(text, limit, floor);
    for (int offset = firstWord(start, floor + 1, most + 1, limit);
        offset >= 0;
        offset = firstWord(start, offset + 1, most + 1, limit)) {
      words.offer(offset);
    }
    return words.best() > floor ? words.best() : wordByRules(start, floor, most, limit);
  }

  /** The first offset in [from, to) where a word follows white space, or -1. */
  private int firstWord(int start, int from, int to, int limit) {
    for (int offset = from; offset < to; offset++) {
      if (CleanText.isBlank(text.charAt(offset - 1))
          && !CleanText.isBlank(text.charAt(offset))
          && graphemes.isBoundary(start, offset, limit)) {
        return offset;
      }
    }
    return -1;
  }

  private int wordByRules(int start, int floor, int most, int limit) {
    int from = open(start, floor, most, limit);
    Rank rank = new Rank(text, limit, floor);
    for (int boundary = words.get().following(floor - from);
        boundary != BreakIterator.DONE && boundary + from <= most;
        boundary = words.get().next()) {
      // The JDK's word rules part some emoji that the grapheme rules join.
      if (graphemes.isBoundary(start, boundary + from, limit)) {
        rank.offer(boundary + from);
      }
    }
    return rank.best();
  }

  private int grapheme(int start, int floor, int most, int limit) {
    Rank rank = new Rank(text, limit, floor);
    for (int offset = floor + 1; offset <= most; offset++) {
      if (graphemes.isBoundary(start, offset, limit)) {
        rank.offer(offset);
      }
    }
    return rank.best();
  }

  private int open(int start, int earliest, int latest, int limit) {
    int from = Math.max(start, earliest - LOOK_AROUND);
    words.get().setText(text.substring(from, Math.min(limit, latest + LOOK_AROUND)));
    return from;
  }
}

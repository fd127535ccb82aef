package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Passage.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Collects a document's passages in reading order and knows the place of each. Text is cleaned
 * where it may not have been; blank text is left out. Belongs to one thread.
 *
 * <p>A heading is a passage of its own, and stands at the place of the text below it: a heading
 * that is followed by a deeper one waits for that one's text, so that a title and the first section
 * are not torn apart.
 */
final class Passages {
  /** A path goes into every chunk below it, so an absurdly long heading is cut there. */
  private static final int LONGEST_HEADING_IN_PATH = 200;

  /** What a passage takes in memory beside its text, in characters: a million tiny ones are big. */
  private static final int PASSAGE_COST = 16;

  private record Heading(int level, String text) {}

  private final Budget budget;
  private final List<Passage> passages = new ArrayList<>();
  private final Deque<Heading> path = new ArrayDeque<>();
  private final List<Heading> waiting = new ArrayList<>();
  private Place place = Place.START;

  Passages(Budget budget) {
    this.budget = budget;
  }

  /** What this document may still spend. */
  Budget budget() {
    return budget;
  }

  /** A new page or slide begins; the number is one higher than the last. */
  void nextPage() {
    budget.spendPage();
    moveTo(place.page() + 1, "");
  }

  /** A worksheet begins. */
  void sheet(String name) {
    moveTo(place.page(), CleanText.onOneLine(name));
  }

  /**
   * A heading begins a section.
   *
   * @param level 1 is the outermost
   */
  void heading(int level, String text) {
    String line = CleanText.onOneLine(text);
    if (line.isEmpty()) {
      return;
    }
    if (!waiting.isEmpty() && waiting.getLast().level() >= level) {
      settle();
    }
    while (!path.isEmpty() && path.getLast().level() >= level) {
      path.removeLast();
    }
    Heading heading = new Heading(level, line);
    path.addLast(heading);
    waiting.add(heading);
    place = place.withHeadings(path.stream().map(above -> shortened(above.text())).toList());
  }

  /**
   * Reads a file inside the document: its pages and headings are its own, below its name.
   *
   * @param name what people call it
   */
  void attachment(String name, Runnable reading) {
    settle();
    Place outside = place;
    List<Heading> outer = List.copyOf(path);
    String inside = CleanText.onOneLine(name);
    String below = outside.attachment();
    budget.descend();
    path.clear();
    place = new Place(0, "", List.of(), below.isEmpty() ? inside : below + " > " + inside);
    reading.run();
    settle();
    budget.ascend();
    path.clear();
    path.addAll(outer);
    place = outside;
  }

  /** Running text: one paragraph, or one list. */
  void paragraph(String text) {
    cleanParagraph(CleanText.of(text));
  }

  /** The same, of text that has been cleaned. */
  void cleanParagraph(String text) {
    add(Kind.PARAGRAPH, text.strip());
  }

  /** A table as Markdown, its header first, made of cleaned cells. */
  void table(String markdown) {
    add(Kind.TABLE, markdown.strip());
  }

  /** Text whose lines and indentation matter. */
  void code(String text) {
    cleanCode(CleanText.of(text));
  }

  /** The same, of text that has been cleaned. */
  void cleanCode(String text) {
    add(Kind.CODE, withoutBlankEnds(text));
  }

  /** All that was collected. */
  List<Passage> toList() {
    settle();
    return List.copyOf(passages);
  }

  private void add(Kind kind, String text) {
    budget.tick();
    if (isBlank(text)) {
      return;
    }
    settle();
    budget.spend(PASSAGE_COST);
    passages.add(new Passage(kind, text, place));
  }

  private static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!CleanText.isBlank(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private void settle() {
    for (Heading heading : waiting) {
      budget.spend(PASSAGE_COST);
      passages.add(new Passage(Kind.PARAGRAPH, heading.text(), place));
    }
    waiting.clear();
  }

  private void moveTo(int page, String sheet) {
    settle();
    path.clear();
    place = new Place(page, sheet, List.of(), place.attachment());
  }

  private static String shortened(String heading) {
    if (heading.length() <= LONGEST_HEADING_IN_PATH) {
      return heading;
    }
    int end = LONGEST_HEADING_IN_PATH - 1;
    return heading.substring(0, Character.isHighSurrogate(heading.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  private static String withoutBlankEnds(String text) {
    String ended = text.stripTrailing();
    int line = 0;
    for (int i = 0; i < ended.length() && CleanText.isBlank(ended.charAt(i)); i++) {
      if (ended.charAt(i) == '\n') {
        line = i + 1;
      }
    }
    return ended.substring(line);
  }
}

package dev.ragprocessor.extract;

import java.util.List;

/**
 * Where in a document a passage stands, for people.
 *
 * @param page from 1; 0 when the document has no pages. A slide counts as a page
 * @param sheet the worksheet's name; empty when there is none
 * @param headings the headings above it, outermost first
 * @param attachment the file inside the document that the rest counts in, for example one that came
 *     with a mail; empty for the document itself
 */
public record Place(int page, String sheet, List<String> headings, String attachment) {
  /** No page, no sheet, no heading. */
  public static final Place START = new Place(0, "", List.of());

  /** A place in the document itself. */
  public Place(int page, String sheet, List<String> headings) {
    this(page, sheet, headings, "");
  }

  public Place {
    headings = List.copyOf(headings);
    if (page < 0) {
      throw new IllegalArgumentException("page must not be negative: " + page);
    }
  }

  /** The same place, below these headings. */
  Place withHeadings(List<String> others) {
    return new Place(page, sheet, others, attachment);
  }
}

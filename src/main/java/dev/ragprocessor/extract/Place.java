package dev.ragprocessor.extract;

import java.util.List;

/**
 * Where in a document a passage stands, for people.
 *
 * @param page from 1; 0 when the document has no pages. A slide counts as a page
 * @param sheet the worksheet's name; empty when there is none
 * @param headings the headings above it, outermost first
 */
public record Place(int page, String sheet, List<String> headings) {
  /** No page, no sheet, no heading. */
  public static final Place START = new Place(0, "", List.of());

  public Place {
    headings = List.copyOf(headings);
    if (page < 0) {
      throw new IllegalArgumentException("page must not be negative: " + page);
    }
  }
}

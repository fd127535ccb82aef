package dev.ragprocessor.search;

import dev.ragprocessor.store.PassageSearch;

/**
 * What somebody wants to know.
 *
 * @param text the question in words, not blank
 * @param filter what narrows the search
 * @param limit the most passages wanted, 1 to 100
 * @param threshold the least cosine similarity of a passage in the ranking that finds it, -1 to 1;
 *     -1 lets everything pass
 */
public record Question(String text, PassageSearch.Filter filter, int limit, double threshold) {
  /** The most passages that one question can ask for. */
  public static final int MAX_LIMIT = 100;

  public Question {
    if (text.isBlank()) {
      throw new IllegalArgumentException("query must not be blank");
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to %d: %d".formatted(MAX_LIMIT, limit));
    }
    if (!(threshold >= -1 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold must be -1 to 1: " + threshold);
    }
  }
}

package dev.ragprocessor.search;

import dev.ragprocessor.store.PassageSearch;
import org.jspecify.annotations.Nullable;

/**
 * A passage that was found.
 *
 * @param score what the answer is ordered by; see {@link Answer}
 * @param byText its place among the texts; null where it is not among the nearest
 * @param byMedia its place among the media; null where it is not among the nearest
 */
public record Found(
    PassageSearch.Hit hit, double score, @Nullable Ranked byText, @Nullable Ranked byMedia) {
  public Found {
    if (byText == null && byMedia == null) {
      throw new IllegalArgumentException("a passage is found by its text, its medium, or both");
    }
  }

  /**
   * A place in a ranking.
   *
   * @param rank from 1
   * @param similarity the cosine similarity with the question in the ranking's space, -1 to 1
   */
  public record Ranked(int rank, double similarity) {}
}

package dev.ragprocessor.search;

import java.util.List;

/**
 * What a question finds, the best first.
 *
 * <p>The score of a passage is the cosine similarity of its text's vector and the question's, as
 * long as no vector of a medium is among the nearest: 1 is the same direction, 0 unrelated. Where
 * there are such, the two rankings are fused by rank ({@link Fusion}), and the score is the fused
 * one, above 0 to 1: 1 is first in both rankings, 0.5 first in one of them. Scores of the two sorts
 * say nothing to each other; the similarities that each passage carries always do.
 *
 * @param found at most as many as were asked for
 * @param note what could not be searched and why, for a person; empty when all was
 */
public record Answer(List<Found> found, String note) {
  public Answer {
    found = List.copyOf(found);
  }
}

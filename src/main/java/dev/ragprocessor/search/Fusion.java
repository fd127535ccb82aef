package dev.ragprocessor.search;

import dev.ragprocessor.search.Found.Ranked;
import dev.ragprocessor.store.PassageSearch.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reciprocal rank fusion: a passage's score is the sum of 1 / ({@value #K} + rank) over the
 * rankings that it is in. Similarities of two spaces cannot be compared; ranks can.
 *
 * <p>The constant is that of Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms
 * Condorcet and individual Rank Learning Methods", SIGIR 2009.
 */
final class Fusion {
  static final int K = 60;

  /** The sum of the first in both rankings, which becomes 1. */
  private static final double MOST = 2.0 / (K + 1);

  private Fusion() {}

  /**
   * Promises the best of both, the best first; of equal ones, the nearer by text.
   *
   * @param byText the nearest first
   * @param byMedia the nearest first
   */
  static List<Found> of(List<Hit> byText, List<Hit> byMedia, int limit) {
    Map<UUID, Hit> hits = new LinkedHashMap<>();
    byText.forEach(hit -> hits.put(hit.chunkId(), hit));
    byMedia.forEach(hit -> hits.putIfAbsent(hit.chunkId(), hit));
    Map<UUID, Ranked> texts = ranks(byText);
    Map<UUID, Ranked> media = ranks(byMedia);
    List<Found> found = new ArrayList<>(hits.size());
    hits.forEach(
        (chunk, hit) -> {
          Ranked text = texts.get(chunk);
          Ranked medium = media.get(chunk);
          double sum =
              (text == null ? 0 : share(text.rank())) + (medium == null ? 0 : share(medium.rank()));
          found.add(new Found(hit, sum / MOST, text, medium));
        });
    // A stable sort: the texts were put first.
    found.sort(Comparator.comparingDouble(Found::score).reversed());
    return List.copyOf(found.subList(0, Math.min(limit, found.size())));
  }

  /** Promises one ranking as it is, scored by similarity. */
  static List<Found> of(List<Hit> byText) {
    Map<UUID, Ranked> ranks = ranks(byText);
    return byText.stream()
        .map(hit -> new Found(hit, hit.similarity(), ranks.get(hit.chunkId()), null))
        .toList();
  }

  private static double share(int rank) {
    return 1.0 / (K + rank);
  }

  private static Map<UUID, Ranked> ranks(List<Hit> hits) {
    Map<UUID, Ranked> ranks = HashMap.newHashMap(hits.size());
    for (int rank = 1; rank <= hits.size(); rank++) {
      Hit hit = hits.get(rank - 1);
      ranks.put(hit.chunkId(), new Ranked(rank, hit.similarity()));
    }
    return ranks;
  }
}

package dev.ragprocessor.extract;

/**
 * Chooses among boundaries by the text behind each and by nothing else, so that the choice is the
 * same wherever the search began. Equal texts are as good as each other: the last in the text wins.
 */
final class Rank {
  /** How many characters behind a boundary decide. */
  private static final int READ = 32;

  private final String text;
  private final int limit;
  private int best;
  private int bestRank = -1;

  /**
   * @param limit where the text that counts ends
   * @param otherwise the answer when nothing is offered
   */
  Rank(String text, int limit, int otherwise) {
    this.text = text;
    this.limit = limit;
    this.best = otherwise;
  }

  void offer(int boundary) {
    int rank = of(boundary);
    if (rank > bestRank || (rank == bestRank && boundary > best)) {
      best = boundary;
      bestRank = rank;
    }
  }

  /** The best boundary offered. */
  int best() {
    return best;
  }

  private int of(int boundary) {
    int from = boundary;
    while (from < limit && CleanText.isBlank(text.charAt(from))) {
      from++;
    }
    int hash = text.substring(from, Math.min(limit, from + READ)).hashCode();
    // MurmurHash3's finaliser: texts that differ little must not rank alike.
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return (hash ^ (hash >>> 16)) & Integer.MAX_VALUE;
  }
}

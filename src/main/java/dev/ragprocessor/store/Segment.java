package dev.ragprocessor.store;

/**
 * Segments that have, or shall have, one index together.
 *
 * @param first the number of the first
 * @param last the number of the last, not below
 * @param rows of theirs that were there when it was built, or are there now
 */
public record Segment(long first, long last, long rows) {
  public Segment {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("segments %d to %d".formatted(first, last));
    }
  }

  boolean covers(Segment other) {
    return first <= other.first && other.last <= last;
  }
}

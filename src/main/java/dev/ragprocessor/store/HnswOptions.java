package dev.ragprocessor.store;

/**
 * How thorough an HNSW graph is made; both as pgvector has them.
 *
 * @param m links of a vector in each layer, 2 to 100
 * @param efConstruction vectors looked at to find them, at least twice {@code m}, to 1,000
 */
public record HnswOptions(int m, int efConstruction) {
  /** Half the work of pgvector's own, 16 and 64, and found no less (src/docs/index.md). */
  public static final HnswOptions DEFAULT = new HnswOptions(12, 48);

  /** A third of the work, for a graph that is small, or is soon part of another. */
  public static final HnswOptions QUICK = new HnswOptions(8, 32);

  public HnswOptions {
    if (m < 2 || m > 100 || efConstruction < 2 * m || efConstruction > 1_000) {
      throw new IllegalArgumentException("m %d, ef_construction %d".formatted(m, efConstruction));
    }
  }
}

package dev.ragprocessor.store;

/**
 * Where the vectors of a text space lie, and how SQL compares them. A space that fits the adopted
 * {@code text_embedding vector(768)} lives there; any other lives in {@code space_embedding}, which
 * has no dimensions of its own and is cast to them.
 *
 * @param name of the column
 * @param expression that an HNSW index is on, and that an ordering must repeat to use it
 * @param operatorClass of that index
 */
record VectorColumn(String name, String expression, String operatorClass) {
  private static final String ADOPTED = "text_embedding";
  private static final int ADOPTED_DIMENSIONS = 768;
  // pgvector's limits for an HNSW index (README, "HNSW"): 2,000 for vector, 4,000 for halfvec.
  private static final int INDEXED_VECTOR = 2_000;
  private static final int INDEXED_HALFVEC = 4_000;

  static VectorColumn of(Space space) {
    int dimensions = space.dimensions();
    if (dimensions == ADOPTED_DIMENSIONS) {
      return new VectorColumn(ADOPTED, "c.text_embedding", "vector_cosine_ops");
    }
    if (dimensions <= INDEXED_VECTOR) {
      return new VectorColumn(
          "space_embedding",
          "(c.space_embedding::vector(%d))".formatted(dimensions),
          "vector_cosine_ops");
    }
    if (dimensions <= INDEXED_HALFVEC) {
      return new VectorColumn(
          "space_embedding",
          "(c.space_embedding::halfvec(%d))".formatted(dimensions),
          "halfvec_cosine_ops");
    }
    throw new IllegalArgumentException(
        "a space of %d dimensions cannot be indexed: pgvector's limit is %d"
            .formatted(dimensions, INDEXED_HALFVEC));
  }

  /** Whether it is the column that other programs know. */
  boolean isAdopted() {
    return name.equals(ADOPTED);
  }

  /** The type of the question's vector. */
  String type() {
    return operatorClass.substring(0, operatorClass.indexOf('_'));
  }
}

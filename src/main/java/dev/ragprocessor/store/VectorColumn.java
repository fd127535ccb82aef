package dev.ragprocessor.store;

/**
 * Where the vectors of a space lie, and how SQL compares them. A space that fits its kind's adopted
 * column, {@code text_embedding vector(768)} or {@code multimodal_embedding vector(1408)}, lives
 * there; any other lives in a column of ours, which has no dimensions of its own and is cast to
 * them.
 *
 * @param name of the column
 * @param expression that an HNSW index is on, and that an ordering must repeat to use it
 * @param operatorClass of that index
 */
record VectorColumn(String name, String expression, String operatorClass) {
  // pgvector's limits for an HNSW index (README, "HNSW"): 2,000 for vector, 4,000 for halfvec.
  private static final int INDEXED_VECTOR = 2_000;
  private static final int INDEXED_HALFVEC = 4_000;

  static VectorColumn of(SpaceKind kind, Space space) {
    int dimensions = space.dimensions();
    if (dimensions == kind.adoptedDimensions()) {
      return new VectorColumn(
          kind.adoptedColumn(), "c." + kind.adoptedColumn(), "vector_cosine_ops");
    }
    String name = kind.ownColumn();
    if (dimensions <= INDEXED_VECTOR) {
      return new VectorColumn(
          name, "(c.%s::vector(%d))".formatted(name, dimensions), "vector_cosine_ops");
    }
    if (dimensions <= INDEXED_HALFVEC) {
      return new VectorColumn(
          name, "(c.%s::halfvec(%d))".formatted(name, dimensions), "halfvec_cosine_ops");
    }
    throw new IllegalArgumentException(
        "a space of %d dimensions cannot be indexed: pgvector's limit is %d"
            .formatted(dimensions, INDEXED_HALFVEC));
  }

  /** The type of the question's vector. */
  String type() {
    return operatorClass.substring(0, operatorClass.indexOf('_'));
  }
}

package dev.ragprocessor.store;

/**
 * Where the vectors of a space lie, and how SQL compares them. The first space of a kind lies in
 * {@code document_chunks}: in the kind's adopted column, {@code text_embedding vector(768)} or
 * {@code multimodal_embedding vector(1408)}, where it fits, else in a column of ours, which has no
 * dimensions of its own and is cast to them. Spaces that are filled beside another lie in {@code
 * chunk_vectors}, which is cast likewise.
 *
 * @param table that it is a column of
 * @param name of the column
 * @param expression that an HNSW index is on, and that an ordering must repeat to use it
 * @param operatorClass of that index
 */
record VectorColumn(String table, String name, String expression, String operatorClass) {
  private static final String CHUNKS = "document_chunks";
  // pgvector's limits for an HNSW index (README, "HNSW"): 2,000 for vector, 4,000 for halfvec.
  private static final int INDEXED_VECTOR = 2_000;
  private static final int INDEXED_HALFVEC = 4_000;

  static VectorColumn of(SpaceKind kind, Space space) {
    int dimensions = space.dimensions();
    if (dimensions == kind.adoptedDimensions()) {
      return new VectorColumn(
          CHUNKS, kind.adoptedColumn(), "c." + kind.adoptedColumn(), "vector_cosine_ops");
    }
    return cast(CHUNKS, kind.ownColumn(), "c", dimensions);
  }

  static VectorColumn apart(Space space) {
    return cast("chunk_vectors", "embedding", "v", space.dimensions());
  }

  private static VectorColumn cast(String table, String name, String alias, int dimensions) {
    if (dimensions <= INDEXED_VECTOR) {
      return new VectorColumn(
          table,
          name,
          "(%s.%s::vector(%d))".formatted(alias, name, dimensions),
          "vector_cosine_ops");
    }
    if (dimensions <= INDEXED_HALFVEC) {
      return new VectorColumn(
          table,
          name,
          "(%s.%s::halfvec(%d))".formatted(alias, name, dimensions),
          "halfvec_cosine_ops");
    }
    throw new IllegalArgumentException(
        "a space of %d dimensions cannot be indexed: pgvector's limit is %d"
            .formatted(dimensions, INDEXED_HALFVEC));
  }

  /** The expression as an index of the table has it. */
  String indexed() {
    return expression.replaceFirst("\\b[cv]\\.", "");
  }

  /** The type of the question's vector. */
  String type() {
    return operatorClass.substring(0, operatorClass.indexOf('_'));
  }
}

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
 * @param dimensions of its vectors
 */
record VectorColumn(
    String table, String name, String expression, String operatorClass, int dimensions) {
  private static final String CHUNKS = "document_chunks";
  // pgvector's limits for an HNSW index (README, "HNSW"): 2,000 for vector, 4,000 for halfvec.
  private static final int INDEXED_VECTOR = 2_000;
  private static final int INDEXED_HALFVEC = 4_000;
  private static final String OF_HALFVEC = "halfvec_cosine_ops";

  static VectorColumn of(SpaceKind kind, Space space) {
    int dimensions = space.dimensions();
    if (dimensions == kind.adoptedDimensions()) {
      return new VectorColumn(
          CHUNKS,
          kind.adoptedColumn(),
          "c." + kind.adoptedColumn(),
          "vector_cosine_ops",
          dimensions);
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
          "vector_cosine_ops",
          dimensions);
    }
    if (dimensions <= INDEXED_HALFVEC) {
      return new VectorColumn(
          table,
          name,
          "(%s.%s::halfvec(%d))".formatted(alias, name, dimensions),
          OF_HALFVEC,
          dimensions);
    }
    throw new IllegalArgumentException(
        "a space of %d dimensions cannot be indexed: pgvector's limit is %d"
            .formatted(dimensions, INDEXED_HALFVEC));
  }

  /**
   * Promises the column as an index of this precision has it. More dimensions than an index of
   * {@code vector} takes are of half precision as it is.
   */
  VectorColumn at(IndexPrecision precision) {
    return precision == IndexPrecision.VECTOR || operatorClass.equals(OF_HALFVEC)
        ? this
        : new VectorColumn(
            table,
            name,
            "(%s::halfvec(%d))".formatted(expression, dimensions),
            OF_HALFVEC,
            dimensions);
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

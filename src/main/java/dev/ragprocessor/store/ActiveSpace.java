package dev.ragprocessor.store;

/**
 * A space that vectors of a kind are stored in and searched in.
 *
 * @param id of its row in {@code embedding_spaces}
 * @param kind what its vectors stand for
 * @param adopted whether vectors without a space, which the Python service stores, are of this one
 * @param apart whether its vectors lie in {@code chunk_vectors}, as those of a space that was
 *     filled beside another do
 */
public record ActiveSpace(int id, SpaceKind kind, Space space, boolean adopted, boolean apart) {
  VectorColumn column() {
    return apart ? VectorColumn.apart(space) : VectorColumn.of(kind, space);
  }

  /** Whether the vectors lie in the column that the Python service has, and no others do. */
  boolean isAdoptedColumn() {
    return column().name().equals(kind.adoptedColumn());
  }

  /** The name, in {@link #chunks()}, of the table that the vectors lie in. */
  String alias() {
    return apart ? "v" : "c";
  }

  /** The chunks as {@code c}, with {@code v} where the vectors lie apart. */
  String chunks() {
    return apart
        ? "chunk_vectors v JOIN document_chunks c ON c.id = v.chunk_id"
        : "document_chunks c";
  }

  /**
   * Which of {@link #chunks()} have a vector of this space. The id is written out, so that the
   * planner can match the partial index.
   */
  String condition() {
    if (apart) {
      return "v.space = " + id;
    }
    String spaceColumn = "c." + kind.spaceColumn();
    String ours = "%s = %d".formatted(spaceColumn, id);
    return "%s AND c.%s IS NOT NULL"
        .formatted(
            adopted ? "(%s OR %s IS NULL)".formatted(ours, spaceColumn) : ours, column().name());
  }
}

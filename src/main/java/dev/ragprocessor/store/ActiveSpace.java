package dev.ragprocessor.store;

/**
 * The text space that chunks are stored in and searched in.
 *
 * @param id of its row in {@code embedding_spaces}
 */
public record ActiveSpace(int id, Space space) {
  VectorColumn column() {
    return VectorColumn.of(space);
  }
}

package dev.ragprocessor.store;

/**
 * The text space that chunks are stored in and searched in.
 *
 * @param id of its row in {@code embedding_spaces}
 * @param adopted whether vectors without a space, which the Python service stores, are of this one
 */
public record ActiveSpace(int id, Space space, boolean adopted) {
  VectorColumn column() {
    return VectorColumn.of(space);
  }
}

package dev.ragprocessor.store;

/**
 * The space that vectors of a kind are stored in and searched in.
 *
 * @param id of its row in {@code embedding_spaces}
 * @param kind what its vectors stand for
 * @param adopted whether vectors without a space, which the Python service stores, are of this one
 */
public record ActiveSpace(int id, SpaceKind kind, Space space, boolean adopted) {
  VectorColumn column() {
    return VectorColumn.of(kind, space);
  }
}

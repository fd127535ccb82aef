package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.List;

/**
 * Removes the vectors of a kind's spaces that are not the active one any more. The Python service's
 * are not ours to remove, so the space that adopted them stays.
 */
public final class OldSpaces {
  private static final String OF_NO_SPACE = "NOT IN (SELECT id FROM embedding_spaces)";

  private OldSpaces() {}

  /**
   * Promises that no process takes these spaces for its own any more: those that still do are
   * refused from now on. Their vectors remain to be removed.
   *
   * @return how many spaces there were
   */
  public static long forget(Scope db, SpaceKind kind) {
    return db.dml(
        """
        DELETE FROM embedding_spaces
         WHERE kind = ? AND NOT active AND NOT adopted
           AND EXISTS (SELECT 1 FROM embedding_spaces WHERE kind = ? AND active)
        """,
        kind.label(),
        kind.label());
  }

  /**
   * Promises that at most {@code limit} vectors of forgotten spaces are gone; to be called until
   * there are none.
   *
   * @return how many were removed
   */
  public static long remove(Scope db, ActiveSpace active, int limit) {
    SpaceKind kind = active.kind();
    long removed =
        db.dml(
            """
            DELETE FROM chunk_vectors WHERE (chunk_id, space) IN (
              SELECT chunk_id, space FROM chunk_vectors WHERE space %s LIMIT ?)
            """
                .formatted(OF_NO_SPACE),
            limit);
    return removed
        + db.dml(
            """
            UPDATE document_chunks SET %1$s = NULL, %2$s = NULL, %3$s = ?
             WHERE id IN (SELECT id FROM document_chunks
                           WHERE %3$s %4$s LIMIT ? FOR NO KEY UPDATE SKIP LOCKED)
            """
                .formatted(kind.adoptedColumn(), kind.ownColumn(), kind.spaceColumn(), OF_NO_SPACE),
            active.id(),
            limit);
  }

  /** The statements that drop the forgotten spaces' indexes; to be run outside a transaction. */
  public static List<String> indexStatements(Scope db) {
    return db.query(
            """
            SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid IN ('document_chunks'::regclass, 'chunk_vectors'::regclass)
               AND c.relname ~ '_space_[0-9]+(_segment_[0-9]+_[0-9]+)?_hnsw$'
               AND CAST(substring(c.relname FROM '_space_([0-9]+)_(?:segment_[0-9]+_[0-9]+_)?hnsw$')
                   AS integer)
            """
                + OF_NO_SPACE)
        .map(row -> "DROP INDEX CONCURRENTLY IF EXISTS " + Columns.text(row, "relname"))
        .toList();
  }
}

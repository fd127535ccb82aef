package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code document_chunks}: replaced in one transaction, so that readers see all or
 * none.
 */
public final class Chunks {
  private Chunks() {}

  /**
   * The id of a chunk: it follows from the object, the text, and how many equal texts of the same
   * document came before it. It says nothing of a model, so that a chunk stays itself when its
   * vector is made anew.
   */
  public static UUID idOf(ObjectId object, String text, int occurrence) {
    return NameBasedIds.of(object.path(), Integer.toString(occurrence), text);
  }

  /** Promises the ids of the object's chunks that have a vector of this space. */
  public static Set<UUID> ids(Scope db, ObjectId object, ActiveSpace space) {
    return db.query(
            """
            SELECT c.id FROM %s JOIN documents d ON d.id = c.document_id
             WHERE d.gcs_path = ? AND %s
            """
                .formatted(space.chunks(), space.condition()),
            object.path())
        .map(row -> Columns.uuid(row, "id"))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Promises that the document has these chunks and no others. A chunk without a vector keeps the
   * row, and so the vector, that has its id.
   *
   * @throws ChunkGoneException when such a row is gone; the transaction must not be committed
   */
  public static void replace(
      Scope db, Documents.Owned document, ActiveSpace space, List<EmbeddedChunk> chunks) {
    List<EmbeddedChunk> kept = chunks.stream().filter(chunk -> chunk.vector() == null).toList();
    List<EmbeddedChunk> added = chunks.stream().filter(chunk -> chunk.vector() != null).toList();
    deleteOthers(db, document, kept);
    if (!kept.isEmpty()) {
      move(db, document, kept);
    }
    if (!added.isEmpty()) {
      insert(db, document, space, added);
    }
  }

  /**
   * Promises these chunks to a document that has none.
   *
   * @throws ChunkGoneException when a chunk has no vector: the row that had it is gone
   */
  public static void add(
      Scope db, Documents.Owned document, ActiveSpace space, List<EmbeddedChunk> chunks) {
    for (EmbeddedChunk chunk : chunks) {
      if (chunk.vector() == null) {
        throw new ChunkGoneException(chunk.id(), document.id());
      }
    }
    if (!chunks.isEmpty()) {
      insert(db, document, space, chunks);
    }
  }

  /** Promises that the document has no chunk. */
  public static long deleteAll(Scope db, UUID documentId) {
    return db.dml(
        "DELETE FROM document_chunks WHERE document_id = CAST(? AS uuid)", documentId.toString());
  }

  private static void deleteOthers(Scope db, Documents.Owned document, List<EmbeddedChunk> kept) {
    if (kept.isEmpty()) {
      deleteAll(db, document.id());
      return;
    }
    db.dml(
        """
        DELETE FROM document_chunks
         WHERE document_id = CAST(? AS uuid) AND id <> ALL (CAST(? AS uuid[]))
        """,
        document.id().toString(),
        kept.stream()
            .map(chunk -> chunk.id().toString())
            .collect(Collectors.joining(",", "{", "}")));
  }

  // A chunk about a medium is never kept: what is kept is about none, whatever it was before.
  private static void move(Scope db, Documents.Owned document, List<EmbeddedChunk> kept) {
    List<@Nullable Object[]> rows = new ArrayList<>(kept.size());
    for (EmbeddedChunk chunk : kept) {
      rows.add(
          new @Nullable Object[] {
            chunk.id(), chunk.index(), chunk.context(), chunk.metadata(), chunk.id(), document.id()
          });
    }
    long[] moved =
        db.batch(
            """
            WITH media AS (
              DELETE FROM chunk_vectors v USING embedding_spaces s
               WHERE v.chunk_id = ? AND v.space = s.id AND s.kind = 'multimodal')
            UPDATE document_chunks SET chunk_index = ?, context = ?, metadata = CAST(? AS jsonb),
                   multimodal_space = NULL, multimodal_embedding = NULL,
                   multimodal_space_embedding = NULL
             WHERE id = ? AND document_id = ?
            """,
            rows);
    for (int row = 0; row < moved.length; row++) {
      if (moved[row] != 1) {
        throw new ChunkGoneException(kept.get(row).id(), document.id());
      }
    }
  }

  private static void insert(
      Scope db, Documents.Owned document, ActiveSpace space, List<EmbeddedChunk> added) {
    Optional<ActiveSpace> media =
        added.stream()
            .map(EmbeddedChunk::mediaVector)
            .filter(Objects::nonNull)
            .map(MediaVector::space)
            .findFirst();
    ChunkInsert insert = new ChunkInsert(space, media.orElse(null));
    List<@Nullable Object[]> rows = new ArrayList<>(added.size());
    for (EmbeddedChunk chunk : added) {
      rows.add(insert.row(document, chunk));
    }
    db.batch(insert.sql(), rows);
  }
}

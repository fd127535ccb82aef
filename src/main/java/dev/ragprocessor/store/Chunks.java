package dev.ragprocessor.store;

import com.pgvector.PGvector;
import dev.ragprocessor.db.Scope;
import java.util.ArrayList;
import java.util.Arrays;
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
            chunk.index(), chunk.context(), chunk.metadata(), chunk.id(), document.id()
          });
    }
    long[] moved =
        db.batch(
            """
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
    Optional<VectorColumn> media =
        added.stream()
            .map(EmbeddedChunk::mediaVector)
            .filter(Objects::nonNull)
            .map(vector -> vector.space().column())
            .findFirst();
    List<@Nullable Object[]> rows = new ArrayList<>(added.size());
    for (EmbeddedChunk chunk : added) {
      List<@Nullable Object> row =
          new ArrayList<>(
              Arrays.asList(
                  chunk.id(),
                  document.tenant().value(),
                  document.id(),
                  chunk.content(),
                  chunk.context(),
                  chunk.index(),
                  chunk.metadata(),
                  space.id()));
      if (media.isPresent()) {
        MediaVector vector = chunk.mediaVector();
        row.add(vector == null ? null : vector.space().id());
        row.add(vector == null ? null : new PGvector(vector.values()));
      }
      row.add(new PGvector(chunk.vector()));
      rows.add(row.toArray());
    }
    String mediaColumns = media.map(column -> ", multimodal_space, " + column.name()).orElse("");
    String mediaValues = media.isPresent() ? ", ?, ?" : "";
    String sql =
        space.apart()
            // One statement for both rows: the key between them is checked when it ends.
            ? """
            WITH chunk AS (
              INSERT INTO document_chunks
                     (id, user_id, document_id, content, context, chunk_index, metadata, text_space%s)
              VALUES (?, ?, ?, ?, ?, ?, CAST(? AS jsonb), ?%s)
              RETURNING id, text_space)
            INSERT INTO chunk_vectors (chunk_id, space, embedding)
            SELECT id, text_space, CAST(? AS vector) FROM chunk
            """
                .formatted(mediaColumns, mediaValues)
            : """
            INSERT INTO document_chunks
                   (id, user_id, document_id, content, context, chunk_index, metadata,
                    text_space%s, %s)
            VALUES (?, ?, ?, ?, ?, ?, CAST(? AS jsonb), ?%s, ?)
            """
                .formatted(mediaColumns, space.column().name(), mediaValues);
    db.batch(sql, rows);
  }
}

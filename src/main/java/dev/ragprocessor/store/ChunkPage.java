package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some of a document's chunks, in the order of the document.
 *
 * @param next where the next page begins; null when this is the last one
 */
public record ChunkPage(List<ChunkView> chunks, @Nullable Position next) {
  private static final String CHUNKS =
      """
      SELECT id, chunk_index, content, nullif(context, '') AS context, metadata::text AS metadata
        FROM document_chunks
       WHERE document_id = CAST(? AS uuid) AND (chunk_index, id) %s (?, CAST(? AS uuid))
       ORDER BY chunk_index, id LIMIT ?
      """;

  private static final UUID LEAST = new UUID(0, 0);

  public ChunkPage {
    chunks = List.copyOf(chunks);
  }

  /** The last chunk of a page: another program's chunks may share an index. */
  public record Position(int index, UUID id) {
    /** Promises a text without characters that a URL would escape. */
    public String token() {
      return index + "." + id;
    }

    /**
     * Promises the position that {@link #token()} wrote.
     *
     * @throws IllegalArgumentException when the text is no such token
     */
    public static Position of(String token) {
      int dot = token.indexOf('.');
      if (dot < 0) {
        throw new IllegalArgumentException("no position of a page");
      }
      return new Position(
          Integer.parseInt(token.substring(0, dot)), UUID.fromString(token.substring(dot + 1)));
    }
  }

  /**
   * Promises the chunks from that index on.
   *
   * @param limit 1 to 1,000
   */
  public static ChunkPage from(Scope db, UUID document, int index, int limit) {
    return page(db, CHUNKS.formatted(">="), document, new Position(index, LEAST), limit);
  }

  /**
   * Promises the chunks that follow on a page.
   *
   * @param limit 1 to 1,000
   */
  public static ChunkPage after(Scope db, UUID document, Position last, int limit) {
    return page(db, CHUNKS.formatted(">"), document, last, limit);
  }

  private static ChunkPage page(Scope db, String sql, UUID document, Position at, int limit) {
    List<ChunkView> found =
        new ArrayList<>(
            db.query(sql, document.toString(), at.index(), at.id().toString(), limit + 1)
                .map(ChunkPage::chunk)
                .toList());
    if (found.size() <= limit) {
      return new ChunkPage(found, null);
    }
    found.removeLast();
    ChunkView last = found.getLast();
    return new ChunkPage(found, new Position(last.index(), last.id()));
  }

  private static ChunkView chunk(DbRow row) {
    return new ChunkView(
        Columns.uuid(row, "id"),
        (int) Columns.integer(row, "chunk_index"),
        Columns.text(row, "content"),
        Columns.textOrNull(row, "context"),
        Columns.text(row, "metadata"));
  }
}

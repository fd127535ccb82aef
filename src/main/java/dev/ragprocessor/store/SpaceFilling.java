package dev.ragprocessor.store;

import com.pgvector.PGvector;
import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills a text space beside the active one, and makes it the active one when no chunk is without a
 * vector of it. How far the filling is, is what is stored, and nothing else.
 */
public final class SpaceFilling {
  private SpaceFilling() {}

  /** Before the first chunk. */
  public static final Position BEGINNING = new Position(new UUID(0, 0), new UUID(0, 0));

  /** A place in the order in which chunks are looked at. */
  public record Position(UUID document, UUID chunk) {}

  /**
   * A chunk without a vector of the space.
   *
   * @param title of its document
   * @param digest of its content, by which it is known again
   */
  public record Unfilled(UUID id, UUID document, String title, String content, String digest) {}

  /**
   * Some chunks that were looked at.
   *
   * @param lookedAt how many
   * @param unfilled those that have no vector of the space, the ones of a document together
   * @param next where to go on; null when these were the last
   */
  public record Window(int lookedAt, List<Unfilled> unfilled, @Nullable Position next) {
    public Window {
      unfilled = List.copyOf(unfilled);
    }
  }

  /**
   * Promises a row for the space, active or not, and so the place of its vectors. To be called in a
   * transaction.
   *
   * @param adoptedModel as {@link Spaces#activate} has it: vectors of that model need not be made
   */
  public static ActiveSpace prepare(Scope db, Space wanted, String adoptedModel) {
    boolean adopts =
        wanted.dimensions() == SpaceKind.TEXT.adoptedDimensions()
            && wanted.model().equals(adoptedModel);
    VectorColumn _ = VectorColumn.apart(wanted); // refuses what cannot be indexed
    db.dml(
        """
        INSERT INTO embedding_spaces (kind, model, dimensions, task, adopted, apart)
        VALUES ('text', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        wanted.model(),
        wanted.dimensions(),
        wanted.task(),
        adopts,
        !adopts);
    return db.get(
            """
            SELECT id, kind, model, dimensions, task, adopted, apart FROM embedding_spaces
             WHERE kind = 'text' AND model = ? AND dimensions = ? AND task = ?
            """,
            wanted.model(),
            wanted.dimensions(),
            wanted.task())
        .map(Spaces::space)
        .orElseThrow();
  }

  /** Promises how many chunks there are, about. */
  public static long chunks(Scope db) {
    return db.get("SELECT count(*) AS n FROM document_chunks")
        .map(row -> Columns.integer(row, "n"))
        .orElse(0L);
  }

  /** Promises the next chunks after a position, at most {@code limit}. */
  public static Window window(Scope db, ActiveSpace space, Position after, int limit) {
    // Bounded by the chunks that are looked at, not by those that are found: what is filled already
    // must not make a statement long.
    List<DbRow> rows =
        db.query(
                """
                WITH looked_at AS MATERIALIZED (
                  SELECT c.id, c.document_id FROM document_chunks c
                   WHERE (c.document_id, c.id) > (CAST(? AS uuid), CAST(? AS uuid))
                   ORDER BY c.document_id, c.id LIMIT ?)
                SELECT l.id, l.document_id, m.title, m.content, m.digest
                  FROM looked_at l
                  LEFT JOIN LATERAL (
                    SELECT coalesce(nullif(c.metadata->>'title', ''), d.filename) AS title, c.content,
                           encode(sha256(convert_to(c.content, 'UTF8')), 'hex') AS digest
                      FROM document_chunks c JOIN documents d ON d.id = c.document_id
                     WHERE c.id = l.id AND %s AND c.content ~ '\\S') m ON true
                 ORDER BY l.document_id, l.id
                """
                    .formatted(unfilled(space)),
                after.document().toString(),
                after.chunk().toString(),
                limit)
            .toList();
    List<Unfilled> unfilled = new ArrayList<>();
    Position last = after;
    for (DbRow row : rows) {
      UUID chunk = Columns.uuid(row, "id");
      UUID document = Columns.uuid(row, "document_id");
      if (Columns.textOrNull(row, "content") != null) {
        unfilled.add(unfilled(row));
      }
      last = new Position(document, chunk);
    }
    return new Window(rows.size(), unfilled, rows.size() < limit ? null : last);
  }

  /**
   * Promises chunks without a vector, at most {@code limit}, wherever they are. It looks through
   * all chunks: for the last few, which {@link #window} would take long to come to.
   */
  public static List<Unfilled> missing(Scope db, ActiveSpace space, int limit) {
    return db.query(
            """
            WITH missing AS MATERIALIZED (SELECT c.id FROM document_chunks c WHERE %s)
            SELECT c.id, c.document_id, coalesce(nullif(c.metadata->>'title', ''), d.filename) AS title,
                   c.content, encode(sha256(convert_to(c.content, 'UTF8')), 'hex') AS digest
              FROM missing m
              JOIN document_chunks c ON c.id = m.id
              JOIN documents d ON d.id = c.document_id
             WHERE c.content ~ '\\S'
             ORDER BY c.document_id, c.id LIMIT ?
            """
                .formatted(unfilled(space)),
            limit)
        .map(SpaceFilling::unfilled)
        .toList();
  }

  /**
   * Promises these vectors to the chunks that are still what they were and have none yet. It waits
   * for nobody.
   *
   * @param vectors as many as chunks
   * @return how many were stored
   */
  public static int store(
      Scope db, ActiveSpace space, List<Unfilled> chunks, List<float[]> vectors) {
    List<@Nullable Object[]> rows = new ArrayList<>(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      Unfilled chunk = chunks.get(i);
      rows.add(new @Nullable Object[] {new PGvector(vectors.get(i)), chunk.id(), chunk.digest()});
    }
    // A chunk that somebody is about to delete is not waited for, and one that was replaced is left
    // out: its vector would be of a text that is gone.
    String sql =
        space.apart()
            ? """
            INSERT INTO chunk_vectors (chunk_id, space, embedding)
            SELECT c.id, %d, ? FROM document_chunks c
             WHERE c.id = ? AND encode(sha256(convert_to(c.content, 'UTF8')), 'hex') = ?
               FOR KEY SHARE OF c SKIP LOCKED
            ON CONFLICT DO NOTHING
            """
                .formatted(space.id())
            : """
            UPDATE document_chunks SET %2$s = ?, text_space = %1$d
             WHERE id = (SELECT c.id FROM document_chunks c
                          WHERE c.id = ? AND encode(sha256(convert_to(c.content, 'UTF8')), 'hex') = ?
                            AND %3$s FOR NO KEY UPDATE SKIP LOCKED)
            """
                .formatted(space.id(), space.column().name(), unfilled(space));
    int stored = 0;
    for (long one : db.batch(sql, rows)) {
      stored += (int) one;
    }
    return stored;
  }

  /**
   * Promises that for so long nobody stores vectors of the active space: what is missing then does
   * not become more. Whoever wants to is told to come again. To be called in a transaction.
   */
  public static void freezeActive(Scope db, Duration time) {
    db.get("SELECT pg_advisory_xact_lock(hashtextextended('embedding_spaces', 0))");
    db.dml(
        """
        UPDATE embedding_spaces SET frozen_until = now() + make_interval(secs => ?)
         WHERE kind = 'text' AND active
        """,
        time.toMillis() / 1000.0);
  }

  /**
   * Promises that the space is the active one, unless a chunk has no vector of it yet. Whoever
   * stores vectors of the old one has stored them before, or is refused after it. To be called in a
   * transaction, which holds up those who store for as long as it looks through the chunks.
   *
   * @param without chunks that may be without a vector
   * @return whether it is the active one now
   */
  public static boolean switchTo(Scope db, ActiveSpace space, Collection<UUID> without) {
    db.get("SELECT pg_advisory_xact_lock(hashtextextended('embedding_spaces', 0))");
    if (hasUnfilled(db, space, without)) {
      return false;
    }
    db.dml(
        """
        UPDATE embedding_spaces SET active = false, frozen_until = NULL
         WHERE kind = 'text' AND active AND id <> ?
        """,
        space.id());
    return db.dml(
            "UPDATE embedding_spaces SET active = true, frozen_until = NULL WHERE id = ?",
            space.id())
        == 1;
  }

  // The contents are read of what is missing only, not of every chunk there is.
  private static boolean hasUnfilled(Scope db, ActiveSpace space, Collection<UUID> without) {
    return db.get(
            """
            WITH missing AS MATERIALIZED (SELECT c.id FROM document_chunks c WHERE %s)
            SELECT 1 FROM missing m JOIN document_chunks c ON c.id = m.id
             WHERE c.content ~ '\\S' AND c.id <> ALL (CAST(? AS uuid[])) LIMIT 1
            """
                .formatted(unfilled(space)),
            without.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}")))
        .isPresent();
  }

  private static Unfilled unfilled(DbRow row) {
    return new Unfilled(
        Columns.uuid(row, "id"),
        Columns.uuid(row, "document_id"),
        Columns.text(row, "title"),
        Columns.text(row, "content"),
        Columns.text(row, "digest"));
  }

  /** Which chunks have no vector of the space. */
  static String unfilled(ActiveSpace space) {
    return space.apart()
        ? "NOT EXISTS (SELECT 1 FROM chunk_vectors v WHERE v.chunk_id = c.id AND v.space = %d)"
            .formatted(space.id())
        : "(%s) IS NOT TRUE".formatted(space.condition());
  }
}

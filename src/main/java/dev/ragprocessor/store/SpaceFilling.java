package dev.ragprocessor.store;

import com.pgvector.PGvector;
import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Fills a space beside the active one of its kind, and makes it the active one when no chunk that
 * is to have a vector of it is without. How far the filling is, is what is stored, and nothing
 * else.
 *
 * @param <U> what its vectors are made from
 */
public final class SpaceFilling<U extends Unfilled> {
  /** Before the first chunk. */
  public static final Position BEGINNING = new Position(new UUID(0, 0), new UUID(0, 0));

  private final ActiveSpace space;
  private final VectorSource<U> source;

  private SpaceFilling(SpaceKind kind, ActiveSpace space, VectorSource<U> source) {
    if (space.kind() != kind) {
      throw new IllegalArgumentException("not a space of kind %s: %s".formatted(kind, space));
    }
    this.space = space;
    this.source = source;
  }

  /** Promises the filling of a text space: every chunk with a word in it is to have a vector. */
  public static SpaceFilling<Unfilled.Text> ofTexts(ActiveSpace space) {
    return new SpaceFilling<>(SpaceKind.TEXT, space, VectorSource.TEXTS);
  }

  /**
   * Promises the filling of a multimodal space: the first chunk about each medium, or about each
   * stretch of it, is to have a vector.
   */
  public static SpaceFilling<Unfilled.Medium> ofMedia(ActiveSpace space) {
    return new SpaceFilling<>(SpaceKind.MULTIMODAL, space, VectorSource.MEDIA);
  }

  /** A place in the order in which chunks are looked at. */
  public record Position(UUID document, UUID chunk) {}

  /**
   * Some chunks that were looked at.
   *
   * @param lookedAt how many
   * @param unfilled those that are to have a vector of the space and have none, the ones of a
   *     document together
   * @param next where to go on; null when these were the last
   */
  public record Window<U>(int lookedAt, List<U> unfilled, @Nullable Position next) {
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
  public static ActiveSpace prepare(Scope db, SpaceKind kind, Space wanted, String adoptedModel) {
    boolean adopts =
        wanted.dimensions() == kind.adoptedDimensions() && wanted.model().equals(adoptedModel);
    VectorColumn _ = VectorColumn.apart(wanted); // refuses what cannot be indexed
    db.dml(
        """
        INSERT INTO embedding_spaces (kind, model, dimensions, task, adopted, apart)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        kind.label(),
        wanted.model(),
        wanted.dimensions(),
        wanted.task(),
        adopts,
        !adopts);
    return db.get(
            """
            SELECT id, kind, model, dimensions, task, adopted, apart FROM embedding_spaces
             WHERE kind = ? AND model = ? AND dimensions = ? AND task = ?
            """,
            kind.label(),
            wanted.model(),
            wanted.dimensions(),
            wanted.task())
        .map(Spaces::space)
        .orElseThrow();
  }

  /** Promises how many chunks there are to look at. */
  public static long chunks(Scope db) {
    return db.get("SELECT count(*) AS n FROM document_chunks")
        .map(row -> Columns.integer(row, "n"))
        .orElse(0L);
  }

  /** Promises the next chunks after a position, at most {@code limit}. */
  public Window<U> window(Scope db, Position after, int limit) {
    // Bounded by the chunks that are looked at, not by those that are found: what is filled already
    // must not make a statement long.
    List<DbRow> rows =
        db.query(
                """
                WITH looked_at AS MATERIALIZED (
                  SELECT c.id, c.document_id FROM document_chunks c
                   WHERE (c.document_id, c.id) > (CAST(? AS uuid), CAST(? AS uuid))
                   ORDER BY c.document_id, c.id LIMIT ?)
                SELECT l.id, l.document_id, m.*
                  FROM looked_at l
                  LEFT JOIN LATERAL (
                    SELECT %s, %s AS digest
                      FROM document_chunks c JOIN documents d ON d.id = c.document_id
                     WHERE c.id = l.id AND %s AND %s AND %s) m ON true
                 ORDER BY l.document_id, l.id
                """
                    .formatted(
                        source.columns(),
                        source.digest(),
                        unfilled(space),
                        source.narrowed(),
                        source.wanted()),
                after.document().toString(),
                after.chunk().toString(),
                limit)
            .toList();
    List<U> unfilled = new ArrayList<>();
    Position last = after;
    for (DbRow row : rows) {
      if (Columns.textOrNull(row, "digest") != null) {
        unfilled.add(source.reading().apply(row));
      }
      last = new Position(Columns.uuid(row, "document_id"), Columns.uuid(row, "id"));
    }
    return new Window<>(rows.size(), unfilled, rows.size() < limit ? null : last);
  }

  /**
   * Promises chunks without a vector, at most {@code limit}, wherever they are. It looks through
   * all chunks: for the last few, which {@link #window} would take long to come to.
   */
  public List<U> missing(Scope db, int limit) {
    return db.query(
            """
            WITH missing AS MATERIALIZED (SELECT c.id FROM document_chunks c WHERE %s AND %s)
            SELECT c.id, c.document_id, %s, %s AS digest
              FROM missing
              JOIN document_chunks c ON c.id = missing.id
              JOIN documents d ON d.id = c.document_id
             WHERE %s
             ORDER BY c.document_id, c.id LIMIT ?
            """
                .formatted(
                    unfilled(space),
                    source.narrowed(),
                    source.columns(),
                    source.digest(),
                    source.wanted()),
            limit)
        .map(source.reading())
        .toList();
  }

  /**
   * Promises these vectors to the chunks that are still what they were and have none yet. It waits
   * for nobody.
   *
   * @param vectors as many as chunks
   * @return how many were stored
   */
  public int store(Scope db, List<U> chunks, List<float[]> vectors) {
    List<@Nullable Object[]> rows = new ArrayList<>(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      U chunk = chunks.get(i);
      rows.add(new @Nullable Object[] {new PGvector(vectors.get(i)), chunk.id(), chunk.digest()});
    }
    // A chunk that somebody is about to delete is not waited for, and one that was replaced is left
    // out: its vector would be of something that is gone.
    String same =
        """
        FROM document_chunks c JOIN documents d ON d.id = c.document_id
         WHERE c.id = ? AND %s = ?\
        """
            .formatted(source.digest());
    String sql =
        space.apart()
            ? """
            INSERT INTO chunk_vectors (chunk_id, space, embedding)
            SELECT c.id, %d, ? %s FOR KEY SHARE OF c SKIP LOCKED
            ON CONFLICT DO NOTHING
            """
                .formatted(space.id(), same)
            : """
            UPDATE document_chunks SET %s = ?, %s = %d
             WHERE id = (SELECT c.id %s AND %s FOR NO KEY UPDATE OF c SKIP LOCKED)
            """
                .formatted(
                    space.column().name(),
                    space.kind().spaceColumn(),
                    space.id(),
                    same,
                    unfilled(space));
    int stored = 0;
    for (long one : db.batch(sql, rows)) {
      stored += (int) one;
    }
    return stored;
  }

  /** Whether the space has no vector at all. */
  public boolean isEmpty(Scope db) {
    return db.get("SELECT 1 FROM %s WHERE %s LIMIT 1".formatted(space.chunks(), space.condition()))
        .isEmpty();
  }

  /**
   * Promises that for so long nobody stores vectors of the kind's active space: what is missing
   * then does not become more. Whoever wants to is told to come again. To be called in a
   * transaction.
   */
  public void freezeActive(Scope db, Duration time) {
    db.get("SELECT pg_advisory_xact_lock(hashtextextended('embedding_spaces', 0))");
    db.dml(
        """
        UPDATE embedding_spaces SET frozen_until = now() + make_interval(secs => ?)
         WHERE kind = ? AND active AND id <> ?
        """,
        time.toMillis() / 1000.0,
        space.kind().label(),
        space.id());
  }

  /**
   * Promises that the space is the active one, unless a chunk has no vector of it yet. Whoever
   * stores vectors of the old one has stored them before, or is refused after it. To be called in a
   * transaction, which holds up those who store for as long as it looks through the chunks.
   *
   * @param without chunks that may be without a vector, each as long as its digest is this
   * @return whether it is the active one now
   */
  public boolean switchTo(Scope db, Map<UUID, String> without) {
    db.get("SELECT pg_advisory_xact_lock(hashtextextended('embedding_spaces', 0))");
    if (hasUnfilled(db, without)) {
      return false;
    }
    db.dml(
        """
        UPDATE embedding_spaces SET active = false, frozen_until = NULL
         WHERE kind = ? AND active AND id <> ?
        """,
        space.kind().label(),
        space.id());
    return db.dml(
            "UPDATE embedding_spaces SET active = true, frozen_until = NULL WHERE id = ?",
            space.id())
        == 1;
  }

  // What vectors are made from is read of what is missing only, not of every chunk there is.
  private boolean hasUnfilled(Scope db, Map<UUID, String> without) {
    List<UUID> ids = List.copyOf(without.keySet());
    return db.createGet(
            """
            WITH missing AS MATERIALIZED (SELECT c.id FROM document_chunks c WHERE %s AND %s)
            SELECT 1 FROM missing
              JOIN document_chunks c ON c.id = missing.id
              JOIN documents d ON d.id = c.document_id
             WHERE %s
               AND NOT EXISTS (SELECT 1 FROM unnest(CAST(? AS uuid[]), CAST(? AS text[])) AS w (id, digest)
                                WHERE w.id = c.id AND w.digest = %s)
             LIMIT 1
            """
                .formatted(unfilled(space), source.narrowed(), source.wanted(), source.digest()))
        .addParam(ids.stream().map(UUID::toString).toArray(String[]::new))
        .addParam(ids.stream().map(without::get).toArray(String[]::new))
        .execute()
        .isPresent();
  }

  /** Which chunks have no vector of the space. */
  static String unfilled(ActiveSpace space) {
    return space.apart()
        ? "NOT EXISTS (SELECT 1 FROM chunk_vectors v WHERE v.chunk_id = c.id AND v.space = %d)"
            .formatted(space.id())
        : "(%s) IS NOT TRUE".formatted(space.condition());
  }
}

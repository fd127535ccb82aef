package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The partial indexes over the segments of a space, as the catalog has them and nothing else: an
 * index that is valid is built, and one that is not was begun by somebody who did not come to the
 * end. Their names say which segments they are over.
 */
public final class SegmentIndexes {
  /** The name of all work on vector indexes, of which there is one at a time. */
  public static final String WORK = "vector index";

  private static final String SEQUENCE = "chunk_segments";

  private SegmentIndexes() {}

  /**
   * What there is at a moment.
   *
   * @param open the number that new rows are given
   * @param openRows how many rows have it, as far as was asked for
   * @param tableRows how many rows the table has, about
   * @param whole the valid index over all rows; empty where there is none
   * @param built the segments that have an index
   * @param useless the indexes that are not valid, or cover what another one covers
   */
  public record State(
      long open,
      long openRows,
      long tableRows,
      Optional<String> whole,
      List<Segment> built,
      List<String> useless) {
    public State {
      built = List.copyOf(built);
      useless = List.copyOf(useless);
    }

    /** The sealed segments before, between and after those that have an index. */
    public List<Segment> gaps() {
      List<Segment> gaps = new ArrayList<>();
      long next = 0;
      for (Segment segment : built) {
        if (segment.first() > next) {
          gaps.add(new Segment(next, segment.first() - 1, 0));
        }
        next = segment.last() + 1;
      }
      if (next < open) {
        gaps.add(new Segment(next, open - 1, 0));
      }
      return gaps;
    }
  }

  /**
   * Promises the state; the open segment's rows are counted as far as {@code most}. Where the
   * table's index on segments is missing they are not counted, since that would read all of it.
   */
  public static State look(Scope db, ActiveSpace space, int most) {
    String table = space.column().table();
    DbRow row =
        db.get(
                """
                SELECT o.open, t.reltuples AS table_rows,
                       CASE WHEN to_regclass('%2$s') IS NOT NULL THEN
                         (SELECT count(*) FROM
                           (SELECT FROM %1$s WHERE segment = o.open LIMIT ?) counted) ELSE 0 END AS open_rows
                  FROM pg_class t, (SELECT pg_sequence_last_value('%3$s') AS open) o
                 WHERE t.oid = '%1$s'::regclass
                """
                    .formatted(table, SegmentStatements.segmentIndex(space), SEQUENCE),
                most)
            .orElseThrow();
    List<DbRow> indexes = indexes(db, space);
    List<Segment> built = new ArrayList<>();
    List<String> useless = new ArrayList<>();
    for (DbRow index : indexes) {
      long first = Columns.integerOr(index, "first", -1);
      if (first >= 0) {
        Segment segment =
            new Segment(first, Columns.integer(index, "last"), Columns.integer(index, "rows"));
        boolean needless =
            !Columns.truth(index, "valid")
                || built.stream().anyMatch(wider -> wider.covers(segment));
        if (needless) {
          useless.add(Columns.text(index, "name"));
        } else {
          built.add(segment);
        }
      }
    }
    return new State(
        Columns.integer(row, "open"),
        Columns.integer(row, "open_rows"),
        Math.max(0, (long) Columns.real(row, "table_rows")),
        indexes.stream()
            .filter(index -> Columns.integerOr(index, "first", -1) < 0)
            .map(index -> Columns.text(index, "name"))
            .findFirst(),
        built,
        useless);
  }

  // The widest first, so that what it covers comes after it.
  private static List<DbRow> indexes(Scope db, ActiveSpace space) {
    VectorColumn column = space.column();
    return db.query(
            """
            SELECT c.relname::text AS name, i.indisvalid AS valid, n[1]::bigint AS first,
                   n[2]::bigint AS last, greatest(c.reltuples, 0)::bigint AS rows
              FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_am m ON m.oid = c.relam AND m.amname = 'hnsw'
              LEFT JOIN LATERAL regexp_match(c.relname, ?) n ON true
             WHERE i.indrelid = CAST(? AS regclass)
               AND (n IS NOT NULL
                 OR i.indisvalid AND (c.relname = ?
                   OR i.indpred IS NULL AND pg_get_indexdef(i.indexrelid) LIKE ?))
             ORDER BY i.indisvalid DESC, first, last DESC
            """,
            "_space_%d_segment_(\\d+)_(\\d+)_hnsw$".formatted(space.id()),
            column.table(),
            "%s_space_%d_hnsw".formatted(column.table(), space.id()),
            space.isAdoptedColumn() ? "%%(%s %%".formatted(column.name()) : "")
        .toList();
  }

  /**
   * Promises how many rows the sealed segments of a gap have, each for itself and in order; those
   * without a row are left out.
   */
  public static List<Segment> rows(Scope db, ActiveSpace space, Segment gap) {
    return db.query(
            """
            SELECT segment, count(*) AS rows FROM %s WHERE segment BETWEEN ? AND ?
             GROUP BY segment ORDER BY segment
            """
                .formatted(space.column().table()),
            gap.first(),
            gap.last())
        .map(
            row ->
                new Segment(
                    Columns.integer(row, "segment"),
                    Columns.integer(row, "segment"),
                    Columns.integer(row, "rows")))
        .toList();
  }

  /** Promises how many rows no index covers, as far as {@code most}. */
  public static long unindexed(Scope db, ActiveSpace space, State state, int most) {
    long next = state.built().isEmpty() ? 0 : state.built().getLast().last() + 1;
    return db.get(
            "SELECT count(*) AS n FROM (SELECT FROM %s WHERE segment >= ? LIMIT ?) counted"
                .formatted(space.column().table()),
            next,
            most)
        .map(row -> Columns.integer(row, "n"))
        .orElse(0L);
  }

  /**
   * Promises that rows get another segment from now on, and which. It is no part of a transaction;
   * a statement that is at work may still use the number of before, and whatever index there is
   * takes its rows.
   */
  public static long seal(Scope db) {
    return db.get("SELECT nextval('%s') AS open".formatted(SEQUENCE))
        .map(row -> Columns.integer(row, "open"))
        .orElseThrow();
  }
}

package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import dev.ragprocessor.store.SegmentIndexes.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The statements that make and remove what {@link SegmentIndexes} looks at. They run one by one,
 * outside a transaction, and by one process at a time ({@link SegmentIndexes#WORK}).
 */
public final class SegmentStatements {
  /**
   * The statement after which the planner knows who has much. Without it, it fetches all that a
   * tenant has and sorts that, even if it is most of the table. It reads thirty thousand pages.
   */
  public static final String ANALYZE_TENANTS = "ANALYZE document_chunks (user_id)";

  private SegmentStatements() {}

  /**
   * The statements that a space needs before anybody searches it: the table's index on segments,
   * and, where no segment has an index yet, that of all that are sealed. They run outside a
   * transaction, by one process at a time; empty when there is nothing to do, or an index over all
   * rows does it.
   */
  public static List<String> atStart(Scope db, ActiveSpace space, IndexPrecision precision) {
    State state = SegmentIndexes.look(db, space, 0);
    if (state.whole().isPresent()) {
      return List.of();
    }
    List<String> statements = new ArrayList<>(prepare(db, space));
    if (state.built().isEmpty() && state.open() > 0 && hasRowsBefore(db, space, state.open())) {
      state.useless().forEach(index -> statements.add(drop(index)));
      statements.add(
          create(space, new Segment(0, state.open() - 1, 0), HnswOptions.DEFAULT, precision));
      statements.add(analyze(space));
      statements.add(ANALYZE_TENANTS);
    }
    return statements;
  }

  /**
   * The statements that give an index to every sealed segment that has none, and then drop the
   * index over all rows; empty where there is none.
   */
  public static List<String> insteadOfWhole(Scope db, ActiveSpace space, IndexPrecision precision) {
    State state = SegmentIndexes.look(db, space, 0);
    if (state.whole().isEmpty()) {
      return List.of();
    }
    List<String> statements = new ArrayList<>(prepare(db, space));
    state.useless().forEach(index -> statements.add(drop(index)));
    for (Segment gap : state.gaps()) {
      if (!SegmentIndexes.rows(db, space, gap).isEmpty()) {
        statements.add(create(space, gap, HnswOptions.DEFAULT, precision));
      }
    }
    statements.add(analyze(space));
    statements.add(ANALYZE_TENANTS);
    statements.add(drop(state.whole().get()));
    return statements;
  }

  /** The statements that drop the indexes of all segments, for whoever has one over all rows. */
  public static List<String> withoutSegments(Scope db, ActiveSpace space) {
    State state = SegmentIndexes.look(db, space, 0);
    return Stream.concat(
            state.useless().stream(), state.built().stream().map(segment -> name(space, segment)))
        .map(SegmentStatements::drop)
        .toList();
  }

  private static boolean hasRowsBefore(Scope db, ActiveSpace space, long open) {
    return db.get(
            "SELECT 1 FROM %s WHERE %s.segment < ? AND %s LIMIT 1"
                .formatted(space.chunks(), space.alias(), space.condition()),
            open)
        .isPresent();
  }

  /** The statements that make segments quick to find, empty when they are. */
  public static List<String> prepare(Scope db, ActiveSpace space) {
    boolean there =
        db.get(
                """
                SELECT 1 FROM pg_index i WHERE i.indexrelid = to_regclass(?) AND i.indisvalid
                """,
                segmentIndex(space))
            .isPresent();
    return there
        ? List.of()
        : List.of(
            "DROP INDEX CONCURRENTLY IF EXISTS " + segmentIndex(space),
            "CREATE INDEX CONCURRENTLY %s ON %s (segment)"
                .formatted(segmentIndex(space), space.column().table()));
  }

  /** The statement that builds the index of these segments, outside a transaction. */
  public static String create(
      ActiveSpace space, Segment segment, HnswOptions options, IndexPrecision precision) {
    VectorColumn column = space.column().at(precision);
    return "CREATE INDEX CONCURRENTLY %s ON %s USING hnsw ((%s) %s) WITH (m = %d, ef_construction = %d) WHERE segment >= %d AND segment <= %d%s"
        .formatted(
            name(space, segment),
            column.table(),
            column.indexed(),
            column.operatorClass(),
            options.m(),
            options.efConstruction(),
            segment.first(),
            segment.last(),
            space.isAdoptedColumn()
                ? ""
                : " AND %s = %d"
                    .formatted(space.apart() ? "space" : space.kind().spaceColumn(), space.id()));
  }

  /**
   * The statement after which the planner knows how many rows a segment has. Without it, it takes
   * them for few, and sorts them.
   */
  public static String analyze(ActiveSpace space) {
    return "ANALYZE %s (segment, %s)"
        .formatted(space.column().table(), space.apart() ? "space" : space.kind().spaceColumn());
  }

  /** The statement that drops an index, outside a transaction. */
  public static String drop(String index) {
    return "DROP INDEX CONCURRENTLY IF EXISTS \"%s\"".formatted(index.replace("\"", "\"\""));
  }

  private static String name(ActiveSpace space, Segment segment) {
    return "%s_space_%d_segment_%d_%d_hnsw"
        .formatted(space.column().table(), space.id(), segment.first(), segment.last());
  }

  static String segmentIndex(ActiveSpace space) {
    return space.column().table() + "_segment_idx";
  }
}

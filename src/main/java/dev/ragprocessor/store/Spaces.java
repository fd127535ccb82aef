package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.util.List;
import java.util.Optional;

/** The rows of {@code embedding_spaces}, and the rule that vectors of two never meet. */
public final class Spaces {
  private static final String ACTIVE =
      """
      SELECT id, kind, model, dimensions, task, adopted, apart FROM embedding_spaces
       WHERE kind = ? AND active
      """;

  private Spaces() {}

  /** The same for the text space. */
  public static ActiveSpace activate(Scope db, Space wanted, String adoptedModel) {
    return activate(db, SpaceKind.TEXT, wanted, adoptedModel);
  }

  /**
   * Promises that {@code wanted} is the active space of its kind. A database without one takes it
   * as it is; afterwards the same is required, because stored vectors of one model say nothing to
   * another's. To be called in a transaction.
   *
   * @param adoptedModel the model whose vectors the Python service stored, or goes on storing, in
   *     the kind's adopted column; empty when not known. Needed only where there are such vectors;
   *     once they belong to the active space they stay its own
   * @throws SpaceMismatchException when other vectors are stored; it names both remedies
   */
  public static ActiveSpace activate(Scope db, SpaceKind kind, Space wanted, String adoptedModel) {
    db.get("SELECT pg_advisory_xact_lock(hashtextextended('embedding_spaces', 0))");
    requireIterativeScans(db);
    requireIndexable(kind, wanted);
    Optional<ActiveSpace> active = active(db, kind);
    if (active.isPresent() && !active.get().space().equals(wanted)) {
      throw mismatch(kind, wanted, active.get().space());
    }
    boolean adopts =
        wanted.dimensions() == kind.adoptedDimensions() && wanted.model().equals(adoptedModel);
    if (active.isEmpty()) {
      requireKnown(db, kind, wanted, adopts, adoptedModel);
    } else if (active.get().adopted() || active.get().apart() || !adopts) {
      return active.get();
    }
    return insert(db, kind, wanted, adopts);
  }

  /** Promises the active text space, if one was ever activated. */
  public static Optional<ActiveSpace> active(Scope db) {
    return active(db, SpaceKind.TEXT);
  }

  /** Promises the active space of a kind, if one was ever activated. */
  public static Optional<ActiveSpace> active(Scope db, SpaceKind kind) {
    return db.get(ACTIVE, kind.label()).map(Spaces::space);
  }

  static ActiveSpace space(DbRow row) {
    return new ActiveSpace(
        (int) Columns.integer(row, "id"),
        SpaceKind.of(Columns.text(row, "kind")),
        new Space(
            Columns.text(row, "model"),
            (int) Columns.integer(row, "dimensions"),
            Columns.text(row, "task")),
        Columns.truth(row, "adopted"),
        Columns.truth(row, "apart"));
  }

  /**
   * The statements that build the space's HNSW index over all rows; to be run outside a
   * transaction, since they are CONCURRENTLY, and by one process at a time. Empty when the column
   * has one already, whatever its name. An index that an earlier attempt left unfinished is dropped
   * first.
   */
  public static List<String> indexStatements(Scope db, ActiveSpace active) {
    VectorColumn column = active.column();
    boolean adopted = active.isAdoptedColumn();
    String name =
        adopted
            ? "document_chunks_%s_hnsw".formatted(column.name())
            : "%s_space_%d_hnsw".formatted(column.table(), active.id());
    if (hasIndex(db, name, adopted, column)) {
      return List.of();
    }
    String where =
        adopted
            ? ""
            : " WHERE %s = %d"
                .formatted(active.apart() ? "space" : active.kind().spaceColumn(), active.id());
    return List.of(
        "DROP INDEX CONCURRENTLY IF EXISTS " + name,
        "CREATE INDEX CONCURRENTLY %s ON %s USING hnsw ((%s) %s)%s"
            .formatted(name, column.table(), column.indexed(), column.operatorClass(), where));
  }

  private static boolean hasIndex(Scope db, String name, boolean adopted, VectorColumn column) {
    return db.get(
            """
            SELECT 1 FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_am a ON a.oid = c.relam
             WHERE i.indrelid = CAST(? AS regclass) AND i.indisvalid
               AND a.amname = 'hnsw'
               AND (c.relname = ?
                 OR ? AND i.indpred IS NULL AND pg_get_indexdef(i.indexrelid) LIKE ?)
            """,
            column.table(),
            name,
            adopted,
            "%%(%s vector_cosine_ops)%%".formatted(column.name()))
        .isPresent();
  }

  // Vectors without a space are the Python service's: they are ours only when somebody says whose.
  // Those of another model may stay beside a space that has a column of its own.
  private static void requireKnown(
      Scope db, SpaceKind kind, Space wanted, boolean adopts, String adoptedModel) {
    boolean apart = !adoptedModel.isEmpty() && wanted.dimensions() != kind.adoptedDimensions();
    if (!adopts && !apart && hasAdoptedVectors(db, kind)) {
      throw new SpaceMismatchException(
          """
          document_chunks holds vectors of %d dimensions (%s) that were stored before this service \
          came; %s says they are of "%s", but the configured model is "%s" \
          with %d dimensions. Either configure the model that made them and name it in \
          %s as well; or embed everything again with the configured one: %s\
          """
              .formatted(
                  kind.adoptedDimensions(),
                  kind.adoptedColumn(),
                  kind.adoptedModelKey(),
                  adoptedModel.isEmpty() ? "unknown" : adoptedModel,
                  wanted.model(),
                  wanted.dimensions(),
                  kind.adoptedModelKey(),
                  again(kind)));
    }
  }

  /** Whether this space is the active one of its kind, at this moment. */
  public static boolean isActive(Scope db, ActiveSpace space) {
    return active(db, space.kind()).filter(active -> active.id() == space.id()).isPresent();
  }

  /**
   * Promises that this space is the active one of its kind, and stays so until the transaction
   * ends.
   *
   * @throws InactiveSpaceException when another space is, or when a change of models is at its last
   *     step
   */
  public static void requireActive(Scope db, ActiveSpace space) {
    boolean active =
        db.get("SELECT rag_active_space(?) AS space", space.kind().label())
            .filter(row -> Columns.integerOr(row, "space", 0) == space.id())
            .isPresent();
    if (!active) {
      throw new InactiveSpaceException(space);
    }
  }

  private static boolean hasAdoptedVectors(Scope db, SpaceKind kind) {
    return db.get(
            """
            SELECT 1 FROM document_chunks
             WHERE %s IS NOT NULL AND %s IS NULL LIMIT 1
            """
                .formatted(kind.adoptedColumn(), kind.spaceColumn()))
        .isPresent();
  }

  private static ActiveSpace insert(Scope db, SpaceKind kind, Space wanted, boolean adopts) {
    return db.get(
            """
            INSERT INTO embedding_spaces AS s (kind, model, dimensions, task, active, adopted)
            VALUES (?, ?, ?, ?, true, ?)
            ON CONFLICT (kind, model, dimensions, task) DO UPDATE SET
                   active = true, adopted = s.adopted OR EXCLUDED.adopted AND NOT s.apart
            RETURNING id, kind, model, dimensions, task, adopted, apart
            """,
            kind.label(),
            wanted.model(),
            wanted.dimensions(),
            wanted.task(),
            adopts)
        .map(Spaces::space)
        .orElseThrow();
  }

  // Before 0.8.0 a filtered search over an HNSW index may find fewer rows than there are.
  private static void requireIterativeScans(Scope db) {
    String version =
        db.get("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
            .map(row -> Columns.text(row, "extversion"))
            .orElseThrow(
                () -> new SpaceMismatchException("the extension vector is not in this database"));
    String[] numbers = version.split("\\.", -1);
    if (Integer.parseInt(numbers[0]) == 0 && Integer.parseInt(numbers[1]) < 8) {
      throw new SpaceMismatchException(
          "pgvector 0.8.0 or newer is needed, this database has %s: ALTER EXTENSION vector UPDATE"
              .formatted(version));
    }
  }

  private static void requireIndexable(SpaceKind kind, Space wanted) {
    VectorColumn.of(kind, wanted);
  }

  private static SpaceMismatchException mismatch(SpaceKind kind, Space wanted, Space active) {
    return new SpaceMismatchException(
        """
        the stored vectors are of model "%s" with %d dimensions, the configured model is "%s" \
        with %d: they cannot be compared. Either set %s back, or embed everything again with the \
        configured one: %s\
        """
            .formatted(
                active.model(),
                active.dimensions(),
                wanted.model(),
                wanted.dimensions(),
                switch (kind) {
                  case TEXT -> "embedder.kind and the model's settings";
                  case MULTIMODAL -> "embedder.multimodal.model and embedder.multimodal.dimensions";
                },
                again(kind)));
  }

  /** How vectors of a kind are made anew. */
  private static String again(SpaceKind kind) {
    return switch (kind) {
      case TEXT -> "rag-processor reindex";
      case MULTIMODAL -> "rag-processor reindex --kind multimodal";
    };
  }
}

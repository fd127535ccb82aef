package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.List;
import java.util.Optional;

/** The rows of {@code embedding_spaces}, and the rule that vectors of two never meet. */
public final class Spaces {
  private static final String ACTIVE =
      "SELECT id, model, dimensions, task FROM embedding_spaces WHERE kind = 'text' AND active";

  private Spaces() {}

  /**
   * Promises that {@code wanted} is the active text space. An empty database takes it as it is;
   * afterwards the same is required, because stored vectors of one model say nothing to another's.
   * To be called in a transaction.
   *
   * @param adoptedModel the model whose 768 dimensions the Python service stored; empty when not
   *     known. Needed only where there are such vectors
   * @throws SpaceMismatchException when other vectors are stored; it names both remedies
   */
  public static ActiveSpace activate(Scope db, Space wanted, String adoptedModel) {
    db.get("SELECT pg_advisory_xact_lock(hashtextextended('embedding_spaces', 0))");
    requireIterativeScans(db);
    requireIndexable(wanted);
    Optional<ActiveSpace> active = active(db);
    if (active.isPresent() && !active.get().space().equals(wanted)) {
      throw mismatch(wanted, active.get().space());
    }
    if (active.isEmpty()) {
      adopt(db, wanted, adoptedModel);
    }
    return active.orElseGet(() -> insert(db, wanted));
  }

  /** Promises the active text space, if one was ever activated. */
  public static Optional<ActiveSpace> active(Scope db) {
    return db.get(ACTIVE)
        .map(
            row ->
                new ActiveSpace(
                    (int) Columns.integer(row, "id"),
                    new Space(
                        Columns.text(row, "model"),
                        (int) Columns.integer(row, "dimensions"),
                        Columns.text(row, "task"))));
  }

  /**
   * The statements that build the space's HNSW index; to be run outside a transaction, since they
   * are CONCURRENTLY, and by one process at a time. Empty when the column has one already, whatever
   * its name. An index that an earlier attempt left unfinished is dropped first.
   */
  public static List<String> indexStatements(Scope db, ActiveSpace active) {
    VectorColumn column = active.column();
    boolean adopted = column.name().equals("text_embedding");
    String name =
        adopted
            ? "document_chunks_text_embedding_hnsw"
            : "document_chunks_space_%d_hnsw".formatted(active.id());
    if (hasIndex(db, name, adopted)) {
      return List.of();
    }
    String where = adopted ? "" : " WHERE text_space = " + active.id();
    return List.of(
        "DROP INDEX CONCURRENTLY IF EXISTS " + name,
        "CREATE INDEX CONCURRENTLY %s ON document_chunks USING hnsw ((%s) %s)%s"
            .formatted(name, column.expression().replace("c.", ""), column.operatorClass(), where));
  }

  private static boolean hasIndex(Scope db, String name, boolean adopted) {
    return db.get(
            """
            SELECT 1 FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_am a ON a.oid = c.relam
             WHERE i.indrelid = 'document_chunks'::regclass AND i.indisvalid
               AND a.amname = 'hnsw'
               AND (c.relname = ? OR ? AND pg_get_indexdef(i.indexrelid) LIKE ?)
            """,
            name,
            adopted,
            "%(text_embedding vector_cosine_ops)%")
        .isPresent();
  }

  // Vectors without a space are the Python service's: they are ours only when somebody says whose.
  private static void adopt(Scope db, Space wanted, String adoptedModel) {
    boolean adoptedVectors =
        db.get(
                """
                SELECT 1 FROM document_chunks
                 WHERE text_embedding IS NOT NULL AND text_space IS NULL LIMIT 1
                """)
            .isPresent();
    if (!adoptedVectors) {
      return;
    }
    Space adopted =
        new Space(adoptedModel.isEmpty() ? "unknown" : adoptedModel, 768, wanted.task());
    if (!adopted.equals(wanted)) {
      throw new SpaceMismatchException(
          """
          document_chunks holds vectors of 768 dimensions that were stored before this service \
          came; embedder.adopted-model says they are of "%s", but the configured model is "%s" \
          with %d dimensions. Either configure the model that made them and name it in \
          embedder.adopted-model as well, or start with an empty document_chunks\
          """
              .formatted(adopted.model(), wanted.model(), wanted.dimensions()));
    }
    ActiveSpace space = insert(db, wanted);
    db.dml(
        """
        UPDATE document_chunks SET text_space = ?
         WHERE text_embedding IS NOT NULL AND text_space IS NULL
        """,
        space.id());
  }

  private static ActiveSpace insert(Scope db, Space wanted) {
    int id =
        db.get(
                """
                INSERT INTO embedding_spaces (kind, model, dimensions, task, active)
                VALUES ('text', ?, ?, ?, true)
                ON CONFLICT (kind, model, dimensions, task) DO UPDATE SET active = true
                RETURNING id
                """,
                wanted.model(),
                wanted.dimensions(),
                wanted.task())
            .map(row -> (int) Columns.integer(row, "id"))
            .orElseThrow();
    return new ActiveSpace(id, wanted);
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

  private static void requireIndexable(Space wanted) {
    VectorColumn.of(wanted);
  }

  private static SpaceMismatchException mismatch(Space wanted, Space active) {
    return new SpaceMismatchException(
        """
        the stored vectors are of model "%s" with %d dimensions, the configured model is "%s" \
        with %d: they cannot be compared. Either set embedder.kind and the \
        model's settings back, or use another database and ingest again\
        """
            .formatted(active.model(), active.dimensions(), wanted.model(), wanted.dimensions()));
  }
}

package dev.ragprocessor.store;

import com.pgvector.PGvector;
import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The chunks nearest to a vector, in SQL that an HNSW index serves. */
public final class PassageSearch {
  private PassageSearch() {}

  /**
   * What narrows a search; an empty list or a null does not.
   *
   * @param tenant whose documents; everybody's when null
   * @param categories of file
   * @param bucket the objects' bucket
   * @param prefix of the objects' names; only with a bucket
   * @param document one document only
   */
  public record Filter(
      @Nullable TenantId tenant,
      List<FileCategory> categories,
      @Nullable String bucket,
      @Nullable String prefix,
      @Nullable UUID document) {
    public Filter {
      categories = List.copyOf(categories);
      if (prefix != null && bucket == null) {
        throw new IllegalArgumentException("a prefix needs its bucket");
      }
    }
  }

  /**
   * A chunk that was found.
   *
   * @param metadata the JSON object that says where it stands
   * @param similarity the cosine similarity with the question, -1 to 1
   */
  public record Hit(
      UUID chunkId,
      UUID documentId,
      String object,
      String filename,
      FileCategory category,
      String content,
      String metadata,
      double similarity) {}

  /**
   * Promises the chunks nearest to the question, nearest first. To be called in a transaction, for
   * whose length it widens the index scan: a filter must not leave fewer hits than there are.
   *
   * @param limit 1 to 100
   * @param threshold the least similarity, -1 to 1
   */
  public static List<Hit> nearest(
      Scope db, ActiveSpace space, float[] question, Filter filter, int limit, double threshold) {
    db.get(
        """
        SELECT set_config('hnsw.ef_search', ?, true),
               set_config('hnsw.iterative_scan', 'strict_order', true)
        """,
        Integer.toString(Math.max(100, 2 * limit)));
    VectorColumn column = space.column();
    PGvector vector = new PGvector(question);
    List<Object> parameters = new ArrayList<>();
    parameters.add(vector);
    String where = where(space, filter, parameters);
    parameters.add(vector);
    parameters.add(limit);
    DbStatementQuery query =
        db.createQuery(
            """
            SELECT c.id, c.document_id, d.gcs_path, d.filename,
                   d.file_category::text AS file_category, c.content, c.metadata::text AS metadata,
                   1 - (%1$s <=> CAST(? AS %2$s)) AS similarity
              FROM document_chunks c JOIN documents d ON d.id = c.document_id
             WHERE %3$s
             ORDER BY %1$s <=> CAST(? AS %2$s)
             LIMIT ?
            """
                .formatted(column.expression(), column.type(), where));
    return query
        .params(parameters)
        .execute()
        .map(PassageSearch::hit)
        .filter(hit -> hit.similarity() >= threshold)
        .toList();
  }

  private static String where(ActiveSpace space, Filter filter, List<Object> parameters) {
    // The space's id is written out, so that the planner can match the partial index.
    StringBuilder where = new StringBuilder();
    String spaceColumn = space.kind().spaceColumn();
    if (space.adopted()) {
      where
          .append("(c.%1$s = %2$d OR c.%1$s IS NULL)".formatted(spaceColumn, space.id()))
          .append(" AND c.%s IS NOT NULL".formatted(space.column().name()));
    } else {
      where.append("c.%s = %d".formatted(spaceColumn, space.id()));
    }
    if (filter.tenant() != null) {
      where.append(" AND c.user_id = CAST(? AS uuid)");
      parameters.add(filter.tenant().toString());
    }
    if (!filter.categories().isEmpty()) {
      where.append(" AND d.file_category = ANY (CAST(? AS file_category[]))");
      parameters.add(
          filter.categories().stream()
              .map(FileCategory::label)
              .collect(java.util.stream.Collectors.joining(",", "{", "}")));
    }
    if (filter.bucket() != null) {
      where.append(" AND d.gcs_bucket = ?");
      parameters.add(filter.bucket());
      if (filter.prefix() != null) {
        where.append(" AND starts_with(d.gcs_path, ?)");
        parameters.add("gs://" + filter.bucket() + "/" + filter.prefix());
      }
    }
    if (filter.document() != null) {
      where.append(" AND c.document_id = CAST(? AS uuid)");
      parameters.add(filter.document().toString());
    }
    return where.toString();
  }

  private static Hit hit(DbRow row) {
    return new Hit(
        Columns.uuid(row, "id"),
        Columns.uuid(row, "document_id"),
        Columns.text(row, "gcs_path"),
        Columns.text(row, "filename"),
        FileCategory.of(Columns.text(row, "file_category")),
        Columns.text(row, "content"),
        Columns.text(row, "metadata"),
        Columns.real(row, "similarity"));
  }
}

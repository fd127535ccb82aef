package dev.ragprocessor.store;

import com.pgvector.PGvector;
import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The chunks nearest to a vector, in SQL that HNSW indexes serve, one or several. */
public final class PassageSearch {
  /** Looked at in each index; with half of it, questions between clusters miss a fifth. */
  private static final int CANDIDATES = 200;

  /**
   * What a comparison costs, in the planner's terms. It does not know that the vector has to be
   * fetched from its TOAST table, and by its own 0.0025 sorts thousands rather than ask an index.
   */
  private static final String COMPARISON = "0.25";

  /**
   * Chunks of a tenant or a document that are compared one by one, some 8 microseconds each. Among
   * more, an index finds as well; among fewer, it goes through much that is not theirs, and gives
   * up.
   */
  private static final int FEW = 2_000;

  /** An ordering that an HNSW index gives. */
  private static final String INDEXED = "distance";

  /** The same ordering, which none gives. */
  private static final String COMPARED = "(%s <=> (SELECT vector FROM question)) + 0";

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

    /** Whether it leaves what an index of its own leads to. */
    private boolean isNarrow() {
      return tenant != null || document != null;
    }

    /** Whether it asks for what only the documents know. */
    private boolean isOfDocuments() {
      return !categories.isEmpty() || bucket != null;
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
   * <p>What is committed is found, in whichever segment it lies: each part that has an index gives
   * its nearest by that, and all that is in none is compared.
   *
   * @param space the active one, or one that was until a moment ago: its vectors stay until they
   *     are removed by name
   * @param limit 1 to 100
   * @param threshold the least similarity, -1 to 1
   * @throws InactiveSpaceException when the space's vectors have been removed
   */
  public static List<Hit> nearest(
      Scope db, ActiveSpace space, float[] question, Filter filter, int limit, double threshold) {
    List<String> parts = prepare(db, space, limit);
    boolean narrow = space.kind() == SpaceKind.TEXT && filter.isNarrow();
    boolean few = narrow && isFew(db, filter);
    List<Hit> hits = few ? List.of() : ask(db, space, question, filter, limit, parts, INDEXED);
    if (few || (narrow && hits.size() < limit)) {
      // An index scan gives up after hnsw.max_scan_tuples. What is asked for has indexes of its
      // own.
      hits = ask(db, space, question, filter, limit, List.of("true"), COMPARED);
    }
    return hits.stream().filter(hit -> hit.similarity() >= threshold).toList();
  }

  private static List<Hit> ask(
      Scope db,
      ActiveSpace space,
      float[] question,
      Filter filter,
      int limit,
      List<String> parts,
      String order) {
    VectorColumn column = space.column();
    List<Object> parameters = new ArrayList<>();
    parameters.add(new PGvector(question));
    List<String> nearest = new ArrayList<>(parts.size());
    for (String part : parts) {
      nearest.add(
          """
          (SELECT c.id, %1$s <=> (SELECT vector FROM question) AS distance
             FROM %2$s%3$s
            WHERE %4$s AND %5$s
            ORDER BY %6$s LIMIT %7$d)
          """
              .formatted(
                  column.expression(),
                  space.chunks(),
                  filter.isOfDocuments() ? " JOIN documents d ON d.id = c.document_id" : "",
                  part,
                  where(space, filter, parameters),
                  order.formatted(column.expression()),
                  limit));
    }
    return db.createQuery(
            """
            WITH question AS MATERIALIZED (SELECT CAST(? AS %s) AS vector)
            SELECT c.id, c.document_id, d.gcs_path, d.filename,
                   d.file_category::text AS file_category, c.content, c.metadata::text AS metadata,
                   1 - near.distance AS similarity
              FROM (%s) near
              JOIN document_chunks c ON c.id = near.id
              JOIN documents d ON d.id = c.document_id
             ORDER BY near.distance LIMIT %d
            """
                .formatted(column.type(), String.join(" UNION ALL ", nearest), limit))
        .params(parameters)
        .execute()
        .map(PassageSearch::hit)
        .toList();
  }

  private static boolean isFew(Scope db, Filter filter) {
    List<Object> parameters = new ArrayList<>();
    String narrow = narrow(filter, parameters);
    parameters.add(FEW + 1);
    return db.createGet(
            "SELECT count(*) AS n FROM (SELECT FROM document_chunks c WHERE true%s LIMIT ?) counted"
                .formatted(narrow))
        .params(parameters)
        .execute()
        .map(row -> Columns.integer(row, "n") <= FEW)
        .orElseThrow();
  }

  /** The parts to be asked, as conditions of which every row fulfils one. */
  private static List<String> prepare(Scope db, ActiveSpace space, int limit) {
    DbRow row =
        db.get(
                """
                SELECT set_config('hnsw.ef_search', ?, true),
                       set_config('hnsw.iterative_scan', 'strict_order', true),
                       set_config('cpu_operator_cost', '%s', true),
                       set_config('jit', 'off', true),
                       array_to_string(rag_search_parts(s.id, ?), '|') AS parts
                  FROM embedding_spaces s WHERE s.id = ?
                """
                    .formatted(COMPARISON),
                Integer.toString(Math.max(CANDIDATES, 2 * limit)),
                space.alias(),
                space.id())
            .orElseThrow(() -> new InactiveSpaceException(space));
    return List.of(Columns.text(row, "parts").split("\\|", -1));
  }

  private static String where(ActiveSpace space, Filter filter, List<Object> parameters) {
    StringBuilder where = new StringBuilder(space.condition());
    where.append(narrow(filter, parameters));
    if (!filter.categories().isEmpty()) {
      where.append(" AND d.file_category = ANY (CAST(? AS file_category[]))");
      parameters.add(
          filter.categories().stream()
              .map(FileCategory::label)
              .collect(Collectors.joining(",", "{", "}")));
    }
    if (filter.bucket() != null) {
      where.append(" AND d.gcs_bucket = ?");
      parameters.add(filter.bucket());
      if (filter.prefix() != null) {
        where.append(" AND starts_with(d.gcs_path, ?)");
        parameters.add("gs://" + filter.bucket() + "/" + filter.prefix());
      }
    }
    return where.toString();
  }

  private static String narrow(Filter filter, List<Object> parameters) {
    StringBuilder narrow = new StringBuilder();
    if (filter.tenant() != null) {
      narrow.append(" AND c.user_id = CAST(? AS uuid)");
      parameters.add(filter.tenant().toString());
    }
    if (filter.document() != null) {
      narrow.append(" AND c.document_id = CAST(? AS uuid)");
      parameters.add(filter.document().toString());
    }
    return narrow.toString();
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

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
  /** Looked at in an index over all; with half of it, questions between clusters miss a fifth. */
  private static final int CANDIDATES = 200;

  /** By half of the bits as many are taken for each that is wanted, and ranked by all of them. */
  private static final int RANKED_ANEW = 2;

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
   * A part of the table that is asked for its nearest.
   *
   * @param condition that its rows fulfil
   * @param candidates looked at in its index; 0 where it has none, or none shall be used
   * @param precision of that index
   */
  private record Part(String condition, int candidates, IndexPrecision precision) {
    /** All rows, compared one by one. */
    static final Part COMPARED = new Part("true", 0, IndexPrecision.VECTOR);

    static Part of(DbRow row) {
      return new Part(
          Columns.text(row, "condition"),
          (int) Columns.integerOr(row, "candidates", 0),
          Columns.truth(row, "halved") ? IndexPrecision.HALFVEC : IndexPrecision.VECTOR);
    }

    boolean isIndexed() {
      return candidates > 0;
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
    List<Part> parts = prepare(db, space, limit);
    boolean narrow = space.kind() == SpaceKind.TEXT && filter.isNarrow();
    boolean few = narrow && isFew(db, filter);
    List<Hit> hits = few ? List.of() : ask(db, space, question, filter, limit, parts);
    if (few || (narrow && hits.size() < limit)) {
      // An index scan gives up after hnsw.max_scan_tuples. What is asked for has indexes of its
      // own.
      hits = ask(db, space, question, filter, limit, List.of(Part.COMPARED));
    }
    return hits.stream().filter(hit -> hit.similarity() >= threshold).toList();
  }

  private static List<Hit> ask(
      Scope db, ActiveSpace space, float[] question, Filter filter, int limit, List<Part> parts) {
    List<Object> parameters = new ArrayList<>();
    parameters.add(new PGvector(question));
    List<String> nearest = new ArrayList<>(parts.size());
    for (Part part : parts) {
      nearest.add(nearest(space, part, limit, filter, parameters));
    }
    return db.createQuery(
            """
            WITH question AS MATERIALIZED (SELECT CAST(? AS %s) AS vector)
            SELECT c.id, c.document_id, d.gcs_path, d.filename,
                   d.file_category::text AS file_category, c.content, c.metadata::text AS metadata,
                   1 - near.distance AS similarity
              FROM (SELECT * FROM (%s) of_parts ORDER BY distance LIMIT %d) near
              JOIN document_chunks c ON c.id = near.id
              JOIN documents d ON d.id = c.document_id
             ORDER BY near.distance
            """
                .formatted(space.column().type(), String.join(" UNION ALL ", nearest), limit))
        .params(parameters)
        .execute()
        .map(PassageSearch::hit)
        .toList();
  }

  /** The nearest of a part. That it depends on the setting makes PostgreSQL set that first. */
  private static String nearest(
      ActiveSpace space, Part part, int limit, Filter filter, List<Object> parameters) {
    VectorColumn column = space.column();
    VectorColumn ranked = column.at(part.precision());
    boolean anew = !ranked.equals(column);
    String distance = "%s <=> (SELECT vector FROM question)".formatted(column.expression());
    String order =
        anew
            ? "%s <=> (SELECT vector::halfvec(%d) FROM question)"
                .formatted(ranked.expression(), column.dimensions())
            : "distance";
    return """
    (SELECT nearest.id, nearest.distance
       FROM (SELECT set_config('hnsw.ef_search', '%d', true) AS candidates) look,
            LATERAL (
              SELECT c.id, %s AS distance
                FROM %s%s
               WHERE %s AND %s AND look.candidates IS NOT NULL
               ORDER BY %s LIMIT %d) nearest)
    """
        .formatted(
            part.isIndexed() ? part.candidates() : CANDIDATES,
            distance,
            space.chunks(),
            filter.isOfDocuments() ? " JOIN documents d ON d.id = c.document_id" : "",
            part.condition(),
            where(space, filter, parameters),
            part.equals(Part.COMPARED) ? "(%s) + 0".formatted(distance) : order,
            anew ? RANKED_ANEW * limit : limit);
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

  /** The parts to be asked: every row is in exactly one. */
  private static List<Part> prepare(Scope db, ActiveSpace space, int limit) {
    List<Part> parts =
        db.query(
                """
                SELECT part.condition, part.candidates, part.halved,
                       set_config('hnsw.iterative_scan', 'strict_order', true),
                       set_config('cpu_operator_cost', '%s', true),
                       set_config('jit', 'off', true)
                  FROM embedding_spaces s, rag_search_parts(s.id, ?, ?) part WHERE s.id = ?
                """
                    .formatted(COMPARISON),
                space.alias(),
                Math.max(CANDIDATES, 2 * limit),
                space.id())
            .map(Part::of)
            .toList();
    if (parts.isEmpty()) {
      throw new InactiveSpaceException(space);
    }
    return parts;
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

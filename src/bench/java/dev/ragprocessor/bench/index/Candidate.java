package dev.ragprocessor.bench.index;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A way to have vectors found while more are written. */
enum Candidate {
  /** Every question compares all: the truth. */
  EXACT(""),
  /** pgvector's defaults. */
  PLAIN("USING hnsw (embedding vector_cosine_ops)"),
  /** A graph that is quicker to make and worse. */
  CHEAP("USING hnsw (embedding vector_cosine_ops) WITH (m = 8, ef_construction = 32)"),
  /** Half the memory. */
  HALFVEC("USING hnsw ((embedding::halfvec(768)) halfvec_cosine_ops)"),
  /** One bit an element; what it finds is ranked anew by the vectors. */
  BINARY("USING hnsw ((binary_quantize(embedding)::bit(768)) bit_hamming_ops)"),
  /** The newest rows have no index; as soon as there are enough, they get one of their own. */
  SEGMENTS("USING hnsw (embedding vector_cosine_ops)");

  private static final String EXACT_ORDER =
      "SELECT id, embedding <=> $q AS distance FROM items %s ORDER BY embedding <=> $q LIMIT 10";

  private final String index;

  Candidate(String index) {
    this.index = index;
  }

  /** The statements before the first row. */
  List<String> before() {
    return this == EXACT || this == SEGMENTS
        ? List.of()
        : List.of("CREATE INDEX ON items " + index);
  }

  /** The statement that a segment gets its index by. */
  String seal(int segment) {
    return "CREATE INDEX CONCURRENTLY items_%d ON items %s WHERE segment = %d"
        .formatted(segment, index, segment);
  }

  /**
   * The ten nearest.
   *
   * @param vector as text
   * @param sealed how many segments have an index
   */
  String query(String vector, int sealed) {
    String sql =
        switch (this) {
          case EXACT, PLAIN, CHEAP -> EXACT_ORDER.formatted("");
          case HALFVEC ->
              "SELECT id FROM items ORDER BY embedding::halfvec(768) <=> $q::halfvec(768) LIMIT 10";
          case BINARY ->
              """
              SELECT id FROM (
                SELECT id, embedding FROM items
                 ORDER BY binary_quantize(embedding)::bit(768) <~> binary_quantize($q)::bit(768) LIMIT 100) near
               ORDER BY embedding <=> $q LIMIT 10
              """;
          case SEGMENTS ->
              IntStream.rangeClosed(0, sealed)
                  .mapToObj(
                      segment ->
                          "("
                              + EXACT_ORDER.formatted(
                                  "WHERE segment %s %d"
                                      .formatted(segment == sealed ? ">=" : "=", segment))
                              + ")")
                  .collect(
                      Collectors.joining(
                          " UNION ALL ", "SELECT id FROM (", ") near ORDER BY distance LIMIT 10"));
        };
    return sql.replace("$q", "'" + vector + "'::vector");
  }
}

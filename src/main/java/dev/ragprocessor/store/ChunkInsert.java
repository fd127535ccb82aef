package dev.ragprocessor.store;

import com.pgvector.PGvector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statement that stores a chunk with its vectors, each where its space has them: in a column of
 * the chunk's row, or apart in {@code chunk_vectors}. One statement for all: the key between the
 * tables is checked when it ends.
 *
 * @param text the space of texts
 * @param media the space of media; null where no chunk has a vector of a medium
 */
record ChunkInsert(ActiveSpace text, @Nullable ActiveSpace media) {
  private static final String COLUMNS =
      "id, user_id, document_id, content, context, chunk_index, metadata, text_space";
  private static final String VALUES = "?, ?, ?, ?, ?, ?, CAST(? AS jsonb), ?";

  String sql() {
    StringBuilder columns = new StringBuilder(COLUMNS);
    StringBuilder values = new StringBuilder(VALUES);
    if (!text.apart()) {
      columns.append(", ").append(text.column().name());
      values.append(", ?");
    }
    if (media != null && !media.apart()) {
      columns.append(", multimodal_space, ").append(media.column().name());
      values.append(", ?, ?");
    }
    String chunk = "INSERT INTO document_chunks (%s) VALUES (%s)".formatted(columns, values);
    List<String> apart =
        spacesApart().map(space -> "(%d, CAST(? AS vector))".formatted(space.id())).toList();
    return apart.isEmpty()
        ? chunk
        : """
        WITH chunk AS (%s RETURNING id)
        INSERT INTO chunk_vectors (chunk_id, space, embedding)
        SELECT chunk.id, v.space, v.embedding
          FROM chunk CROSS JOIN (VALUES %s) AS v (space, embedding) WHERE v.embedding IS NOT NULL
        """
            .formatted(chunk, String.join(", ", apart));
  }

  /** The parameters of {@link #sql()} for a chunk. */
  @Nullable Object[] row(Documents.Owned document, EmbeddedChunk chunk) {
    PGvector vector = new PGvector(Objects.requireNonNull(chunk.vector()));
    MediaVector medium = chunk.mediaVector();
    PGvector mediumVector = medium == null ? null : new PGvector(medium.values());
    List<@Nullable Object> row = new ArrayList<>();
    row.add(chunk.id());
    row.add(document.tenant().value());
    row.add(document.id());
    row.add(chunk.content());
    row.add(chunk.context());
    row.add(chunk.index());
    row.add(chunk.metadata());
    row.add(text.id());
    if (!text.apart()) {
      row.add(vector);
    }
    if (media != null && !media.apart()) {
      row.add(medium == null ? null : media.id());
      row.add(mediumVector);
    }
    if (text.apart()) {
      row.add(vector);
    }
    if (media != null && media.apart()) {
      row.add(mediumVector);
    }
    return row.toArray();
  }

  private Stream<ActiveSpace> spacesApart() {
    return Stream.concat(Stream.of(text), Stream.ofNullable(media)).filter(ActiveSpace::apart);
  }
}

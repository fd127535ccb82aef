package dev.ragprocessor.store;

import io.helidon.dbclient.DbRow;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the vectors of a kind are made from, in SQL over a chunk {@code c} and its document {@code
 * d}.
 *
 * @param columns that {@code reading} reads
 * @param digest of what the vector is made from
 * @param narrowed which chunks, told by themselves
 * @param wanted which of those are to have a vector
 * @param reading of a row of these columns, with the chunk's {@code id}, {@code document_id} and
 *     {@code digest}
 */
record VectorSource<U extends Unfilled>(
    String columns, String digest, String narrowed, String wanted, Function<DbRow, U> reading) {

  static final VectorSource<Unfilled.Text> TEXTS =
      new VectorSource<>(
          "coalesce(nullif(c.metadata->>'title', ''), d.filename) AS title, c.content",
          "encode(sha256(convert_to(c.content, 'UTF8')), 'hex')",
          "true",
          "c.content ~ '\\S'",
          VectorSource::text);

  // A segment's chunks follow each other, and the first carries the vector. Which bytes the object
  // had is told as ingestion remembers them.
  static final VectorSource<Unfilled.Medium> MEDIA =
      new VectorSource<>(
          """
          d.gcs_path, coalesce(d.generation, 0) AS generation, d.crc32c, d.object_size,
          d.file_category::text AS file_category,
          %s AS starts, %s AS ends
          """
              .formatted(number("start_offset_sec"), number("end_offset_sec")),
          "coalesce(nullif(d.crc32c, '') || ' ' || d.object_size, 'generation ' ||"
              + " coalesce(d.generation, 0))",
          "c.document_id IN (SELECT m.id FROM documents m WHERE m.file_category <> 'documents')",
          """
          d.gcs_path LIKE 'gs://_%/_%'
          AND NOT EXISTS (
            SELECT 1 FROM document_chunks before
             WHERE before.document_id = c.document_id AND before.chunk_index = c.chunk_index - 1
               AND before.metadata->>'segment_index' IS NOT DISTINCT FROM c.metadata->>'segment_index')
          """,
          VectorSource::medium);

  private static String number(String key) {
    return "CASE WHEN jsonb_typeof(c.metadata->'%1$s') = 'number' THEN CAST(c.metadata->>'%1$s' AS double precision) END"
        .formatted(key);
  }

  private static Unfilled.Text text(DbRow row) {
    return new Unfilled.Text(
        Columns.uuid(row, "id"),
        Columns.uuid(row, "document_id"),
        Columns.text(row, "title"),
        Columns.text(row, "content"),
        Columns.text(row, "digest"));
  }

  private static Unfilled.Medium medium(DbRow row) {
    FileCategory category = FileCategory.of(Columns.text(row, "file_category"));
    return new Unfilled.Medium(
        Columns.uuid(row, "id"),
        Columns.uuid(row, "document_id"),
        ObjectId.ofPath(Columns.text(row, "gcs_path"), Columns.integer(row, "generation")),
        Columns.textOr(row, "crc32c", ""),
        Columns.integerOr(row, "object_size", 0),
        category,
        category == FileCategory.IMAGES ? null : stretch(row),
        Columns.text(row, "digest"));
  }

  private static Unfilled.@Nullable Stretch stretch(DbRow row) {
    Duration start = Columns.secondsOrNull(row, "starts");
    Duration end = Columns.secondsOrNull(row, "ends");
    return start == null || end == null || start.isNegative() || end.compareTo(start) <= 0
        ? null
        : new Unfilled.Stretch(start, end);
  }
}

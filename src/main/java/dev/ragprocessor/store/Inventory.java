package dev.ragprocessor.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.util.List;
import java.util.UUID;

/** What the database has of a bucket, many objects at a time; it changes nothing and locks none. */
public final class Inventory {
  /** Before every id that a document has. */
  public static final UUID START = new UUID(0, 0);

  private static final JsonMapper JSON = new JsonMapper();

  private static final String KNOWN =
      """
      SELECT d.id AS document_id, d.generation, d.metageneration, d.crc32c, d.object_size,
             d.status = 'completed' AS completed,
             j.id AS job_id, j.status::text AS job_status, j.generation AS job_generation,
             j.fencing_token, j.retry_count, t.generation AS tombstone, r.generation AS rejection
        FROM (SELECT CAST(? AS text) AS bucket) b
       CROSS JOIN LATERAL jsonb_array_elements_text(CAST(? AS jsonb))
             WITH ORDINALITY AS o (name, position)
        LEFT JOIN documents d ON d.gcs_path = 'gs://' || b.bucket || '/' || o.name
        LEFT JOIN document_processing_jobs j ON j.file_path = 'gs://' || b.bucket || '/' || o.name
        LEFT JOIN object_tombstones t ON t.bucket = b.bucket AND t.name = o.name
        LEFT JOIN rejected_objects r ON r.bucket = b.bucket AND r.name = o.name
       ORDER BY o.position
      """;

  // By the key, so that all pages together read the table once, whatever the prefix.
  private static final String STORED =
      """
      SELECT d.id, d.gcs_path, d.status = 'uploading' AS announced,
             greatest(coalesce(d.generation, 0), coalesce(j.generation, 0)) AS generation,
             j.status IN ('pending', 'processing', 'retry_pending')
               AND j.lease_owner IS NULL AND j.next_attempt_at IS NULL AS elsewhere
        FROM documents d LEFT JOIN document_processing_jobs j ON j.file_path = d.gcs_path
       WHERE starts_with(d.gcs_path, ?) AND d.id > CAST(? AS uuid)
       ORDER BY d.id LIMIT ?
      """;

  private Inventory() {}

  /**
   * Promises what is known of each of these objects, in their order.
   *
   * @param names of objects of this bucket, of which each is {@link Rejections#storable storable}
   */
  public static List<Known> known(Scope db, String bucket, List<String> names) {
    return db.query(KNOWN, bucket, json(names)).map(Inventory::known).toList();
  }

  /**
   * Promises documents whose {@code gs://} path begins so, at most {@code limit} of them, the next
   * ones after {@code after}; fewer only when these are the last.
   *
   * @param after the id of the last document of the page before, or {@link #START}
   */
  public static List<Stored> stored(Scope db, String prefix, UUID after, int limit) {
    return db.query(STORED, prefix, after.toString(), limit).map(Inventory::stored).toList();
  }

  private static Known known(DbRow row) {
    return new Known(Documents.objectState(row), Columns.integerOr(row, "rejection", 0));
  }

  private static Stored stored(DbRow row) {
    return new Stored(
        Columns.uuid(row, "id"),
        Columns.text(row, "gcs_path"),
        Columns.integer(row, "generation"),
        Columns.truth(row, "announced") || Columns.truth(row, "elsewhere"));
  }

  private static String json(List<String> names) {
    try {
      return JSON.writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the names cannot be written as JSON", e);
    }
  }

  /**
   * What is known of an object.
   *
   * @param rejection the generation that was recorded as one that cannot have a document; 0 for
   *     none
   */
  public record Known(ObjectState state, long rejection) {}

  /**
   * A document's row, as far as it says what object it is of.
   *
   * @param path of its object, as {@link ObjectId#path()} writes it
   * @param generation the newest that its row or its job knows; 0 where the Python service left
   *     none
   * @param elsewhere whether another program has announced the object or works on it
   */
  public record Stored(UUID id, String path, long generation, boolean elsewhere) {}
}

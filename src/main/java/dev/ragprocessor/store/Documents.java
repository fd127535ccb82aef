package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of {@code documents}: one an object, moving forward with its generations. */
public final class Documents {
  // One statement for everything that decides about an event.
  private static final String STATE =
      """
      SELECT d.id AS document_id, d.generation, d.metageneration, d.crc32c, d.object_size,
             d.status = 'completed' AS completed,
             j.id AS job_id, j.status::text AS job_status, j.generation AS job_generation,
             j.fencing_token, j.retry_count, t.generation AS tombstone,
             (SELECT s.id FROM embedding_spaces s WHERE s.kind = 'text' AND s.active) AS space
        FROM (SELECT %s) o
        LEFT JOIN documents d ON d.gcs_path = o.path
        LEFT JOIN document_processing_jobs j ON j.file_path = o.path
        LEFT JOIN object_tombstones t ON t.bucket = o.bucket AND t.name = o.name
      """;

  private static final String STATE_OF_ONE =
      STATE.formatted(
          "CAST(? AS text) AS path, CAST(? AS text) AS bucket, CAST(? AS text) AS name");

  // Most objects are new: of those nothing is answered, which is less to make and to read. OFFSET
  // keeps each object's rows being looked up by their indexes, whatever the planner thinks of
  // tables that it saw empty; and of a limit that it does not see it thinks so little that it keeps
  // its plan, where it would make one each time for so many objects.
  private static final String STATE_OF_MANY =
      """
      SELECT a.number, o.*
        FROM (SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]))
                WITH ORDINALITY AS a (path, bucket, name, number) LIMIT ?) a
       CROSS JOIN LATERAL (%s OFFSET 0) o
       WHERE o.document_id IS NOT NULL OR o.job_id IS NOT NULL OR o.tombstone IS NOT NULL
          OR o.space IS DISTINCT FROM CAST(? AS integer)
      """
          .formatted(STATE.formatted("a.path, a.bucket, a.name"));

  // Locks first, and then sees what the last holder of the lock has stored.
  private static final String LOCKED = "SELECT * FROM rag_locked_object(?, ?, ?)";

  // The second lock is taken when the first is there: nobody waits with the second for the first.
  private static final String LOCKED_FOR_VECTORS =
      "SELECT o.*, rag_active_space('text') AS space FROM rag_locked_object(?, ?, ?) o";

  // A row that the web application inserted first keeps its owner and its names.
  static final String UPSERT =
      """
      INSERT INTO documents AS d
             (id, user_id, filename, original_filename, file_size, mime_type, file_category,
              gcs_bucket, gcs_path, status, chunk_count, processing_error, processed_at,
              generation, metageneration, crc32c, object_size)
      VALUES (CAST(? AS uuid), CAST(? AS uuid), ?, ?, ?, ?, CAST(? AS file_category),
              ?, ?, CAST(? AS document_status), ?, ?, CASE WHEN ? THEN now() END, ?, ?, ?, ?)
      ON CONFLICT (gcs_path) DO UPDATE SET
              file_size = EXCLUDED.file_size, mime_type = EXCLUDED.mime_type,
              file_category = EXCLUDED.file_category, status = EXCLUDED.status,
              chunk_count = EXCLUDED.chunk_count, processing_error = EXCLUDED.processing_error,
              processed_at = EXCLUDED.processed_at, generation = EXCLUDED.generation,
              metageneration = EXCLUDED.metageneration, crc32c = EXCLUDED.crc32c,
              object_size = EXCLUDED.object_size, updated_at = now()
      RETURNING id, user_id
      """;

  // While the work goes on, readers keep the old generation's chunks: its columns stay as they are.
  private static final String BEGIN =
      """
      INSERT INTO documents AS d
             (id, user_id, filename, original_filename, file_size, mime_type, file_category,
              gcs_bucket, gcs_path, status)
      VALUES (CAST(? AS uuid), CAST(? AS uuid), ?, ?, ?, ?, CAST(? AS file_category),
              ?, ?, 'processing')
      ON CONFLICT (gcs_path) DO UPDATE SET status = 'processing', updated_at = now()
      RETURNING id
      """;

  private Documents() {}

  /**
   * Promises what is known of the object, whatever its generation, and that until the transaction
   * ends nobody else decides about it, in any replica, whether or not it has rows yet.
   */
  public static ObjectState locked(Scope db, ObjectId object) {
    return db.get(LOCKED, object.path(), object.bucket(), object.name())
        .map(Documents::objectState)
        .orElseThrow();
  }

  /**
   * Promises the same for work that makes vectors of this space, and that until the transaction
   * ends the space is the active one.
   *
   * @throws InactiveSpaceException when another space is
   */
  public static ObjectState locked(Scope db, ObjectId object, ActiveSpace space) {
    return db.get(LOCKED_FOR_VECTORS, object.path(), object.bucket(), object.name())
        .map(row -> stateIn(row, space))
        .orElseThrow();
  }

  /** Promises what is known of the object, whatever its generation. */
  public static ObjectState state(Scope db, ObjectId object) {
    return db.get(STATE_OF_ONE, object.path(), object.bucket(), object.name())
        .map(Documents::objectState)
        .orElseThrow();
  }

  /**
   * Promises what is known of each object, whatever its generation, to work that makes vectors of
   * this space; in the order of the objects.
   *
   * @throws InactiveSpaceException when another space is the active one
   */
  public static List<ObjectState> states(Scope db, List<ObjectId> objects, ActiveSpace space) {
    List<ObjectState> states =
        new ArrayList<>(Collections.nCopies(objects.size(), ObjectState.NOTHING));
    db.query(
            STATE_OF_MANY,
            objects.stream().map(ObjectId::path).toArray(String[]::new),
            objects.stream().map(ObjectId::bucket).toArray(String[]::new),
            objects.stream().map(ObjectId::name).toArray(String[]::new),
            objects.size(),
            space.id())
        .forEach(row -> states.set((int) Columns.integer(row, "number") - 1, stateIn(row, space)));
    return states;
  }

  /** Promises a row that says the object is being worked on, and its id. */
  public static UUID begin(Scope db, DocumentVersion version) {
    ObjectId object = version.object();
    return db.createGet(BEGIN)
        .addParam(idOf(object).toString())
        .addParam(version.tenant().toString())
        .addParam(version.filename())
        .addParam(version.filename())
        .addParam(version.clampedSize())
        .addParam(version.mediaType())
        .addParam(version.category().label())
        .addParam(object.bucket())
        .addParam(object.path())
        .execute()
        .map(row -> Columns.uuid(row, "id"))
        .orElseThrow();
  }

  /**
   * Promises a row that shows this generation with the chunks it has: the bytes are the same.
   *
   * @return the number of its chunks
   */
  public static int confirm(Scope db, ObjectId object, long metageneration) {
    return db.get(
            """
            UPDATE documents SET generation = ?, metageneration = ?, status = 'completed',
                   processing_error = NULL, processed_at = now(), updated_at = now()
             WHERE gcs_path = ?
            RETURNING chunk_count
            """,
            object.generation(),
            metageneration,
            object.path())
        .map(row -> (int) Columns.integerOr(row, "chunk_count", 0))
        .orElseThrow();
  }

  /**
   * Promises that the version moves forward and nothing else does.
   *
   * @return whether it moved
   */
  public static boolean advance(Scope db, ObjectId object, long metageneration) {
    return db.dml(
            """
            UPDATE documents SET generation = ?, metageneration = ?, updated_at = now()
             WHERE gcs_path = ? AND (coalesce(generation, 0), coalesce(metageneration, 0)) < (?, ?)
            """,
            object.generation(),
            metageneration,
            object.path(),
            object.generation(),
            metageneration)
        > 0;
  }

  /** Promises that the document, its chunks and its job are gone. */
  public static boolean delete(Scope db, ObjectId object) {
    return db.dml("DELETE FROM documents WHERE gcs_path = ?", object.path()) > 0;
  }

  /**
   * Promises that the document is gone which another program has left without a generation, if that
   * is still so and nobody has announced the object again or works on it.
   */
  public static boolean deleteLeftBehind(Scope db, ObjectId object) {
    return db.dml(
            """
            DELETE FROM documents d
             WHERE d.gcs_path = ? AND coalesce(d.generation, 0) = 0 AND d.status <> 'uploading'
               AND NOT EXISTS (SELECT 1 FROM document_processing_jobs j
                                WHERE j.document_id = d.id
                                  AND j.status IN ('pending', 'processing', 'retry_pending'))
            """,
            object.path())
        > 0;
  }

  /** The id that a document of this object gets when it has no row yet; the same every time. */
  static UUID idOf(ObjectId object) {
    return NameBasedIds.of(object.path());
  }

  private static ObjectState stateIn(DbRow row, ActiveSpace space) {
    if (Columns.integerOr(row, "space", 0) != space.id()) {
      throw new InactiveSpaceException(space);
    }
    return objectState(row);
  }

  static ObjectState objectState(DbRow row) {
    Optional<UUID> documentId = Optional.ofNullable(Columns.uuidOrNull(row, "document_id"));
    Optional<UUID> jobId = Optional.ofNullable(Columns.uuidOrNull(row, "job_id"));
    return new ObjectState(
        documentId
            .map(
                id ->
                    new ObjectState.StoredDocument(
                        id,
                        Columns.integerOr(row, "generation", 0),
                        Columns.integerOr(row, "metageneration", 0),
                        Columns.textOr(row, "crc32c", ""),
                        Columns.integerOr(row, "object_size", 0),
                        Columns.truth(row, "completed")))
            .orElse(null),
        jobId
            .map(
                id ->
                    new ObjectState.Job(
                        id,
                        JobStatus.of(Columns.text(row, "job_status")),
                        Columns.integerOr(row, "job_generation", 0),
                        Columns.integer(row, "fencing_token"),
                        (int) Columns.integer(row, "retry_count")))
            .orElse(null),
        Columns.integerOr(row, "tombstone", 0));
  }

  /**
   * A document's row and whose it is.
   *
   * @param tenant the row's owner, who is not always the one that the object's name suggests
   */
  public record Owned(UUID id, TenantId tenant) {}
}

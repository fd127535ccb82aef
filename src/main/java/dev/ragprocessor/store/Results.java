package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a version, on its document and its job alike, in one statement: an event that ends
 * in time never had a claim, so that its claim and its result are the same rows.
 */
public final class Results {
  private static final String RECORD =
      """
      WITH document AS (%s),
      job AS (
        INSERT INTO document_processing_jobs AS j
               (id, document_id, status, processing_stage, file_size, file_type, file_path,
                generation, metageneration, fencing_token, error_message, processing_started_at,
                completed_at)
        SELECT CAST(? AS uuid), document.id, CAST(? AS document_processing_job_status), ?, ?, ?, ?,
               ?, ?, 1, ?, now(), now()
          FROM document
        %s),
      forgotten AS (%s)
      SELECT document.id, document.user_id, job.id AS job_id FROM document, job
      """
          .formatted(Documents.UPSERT, Jobs.ENDED, Rejections.FORGET);

  private Results() {}

  /**
   * Promises rows that show this generation with its chunks.
   *
   * @param status how its job ended: processed, or only in part
   */
  public static Recorded completed(
      Scope db, DocumentVersion version, JobStatus status, int chunks) {
    return record(db, version, "completed", chunks, status, null, null);
  }

  /**
   * Promises rows that show this generation with the chunks that could be had of it, and on its job
   * what is missing. Its checksum is not kept: the same bytes under another generation are no
   * reason to leave them as they are.
   */
  public static Recorded partly(Scope db, DocumentVersion version, String missing, int chunks) {
    return record(
        db,
        version.ofUnknownBytes(),
        "completed",
        chunks,
        JobStatus.PARTIALLY_PROCESSED,
        null,
        missing);
  }

  /** Promises rows that show this generation as failed, for a person to read why. */
  public static Recorded failed(Scope db, DocumentVersion version, String reason) {
    return record(db, version, "error", 0, JobStatus.ERROR, reason, reason);
  }

  private static Recorded record(
      Scope db,
      DocumentVersion version,
      String documentStatus,
      int chunks,
      JobStatus jobStatus,
      @Nullable String error,
      @Nullable String jobError) {
    ObjectId object = version.object();
    return db.createGet(RECORD)
        .addParam(Documents.idOf(object).toString())
        .addParam(version.tenant().toString())
        .addParam(version.filename())
        .addParam(version.filename())
        .addParam(version.clampedSize())
        .addParam(version.mediaType())
        .addParam(version.category().label())
        .addParam(object.bucket())
        .addParam(object.path())
        .addParam(documentStatus)
        .addParam(chunks)
        .addParam(error)
        .addParam(error == null)
        .addParam(object.generation())
        .addParam(version.metageneration())
        .addParam(version.crc32c())
        .addParam(version.size())
        .addParam(Jobs.idOf(object).toString())
        .addParam(jobStatus.label())
        .addParam(Stage.COMPLETED.label())
        .addParam(version.size())
        .addParam(version.mediaType())
        .addParam(object.path())
        .addParam(object.generation())
        .addParam(version.metageneration())
        .addParam(jobError)
        .addParam(object.bucket())
        .addParam(object.name())
        .addParam(object.generation())
        .execute()
        .map(
            row ->
                new Recorded(
                    new Documents.Owned(
                        Columns.uuid(row, "id"), new TenantId(Columns.uuid(row, "user_id"))),
                    Columns.uuid(row, "job_id")))
        .orElseThrow();
  }

  /** The rows that were written. */
  public record Recorded(Documents.Owned document, UUID jobId) {}
}

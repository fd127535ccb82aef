package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.UUID;

/**
 * What a person changes about a job, each for a transaction that locks the object first. A job that
 * another program works on (no lease and no retry of ours) is left alone. Each write raises the
 * fencing token, so that whoever was at work on the job writes nothing any more, and says whether
 * the job's status allowed it.
 */
public final class Interventions {
  /** Why a document has no result, where nothing else says it. */
  private static final String CANCELLED = "cancelled by a person";

  // 'retry_pending' without a time is another program's.
  private static final String MAY_BE_TAKEN_AGAIN =
      """
      (j.status IN ('processed', 'error', 'cancelled', 'partially_processed')
       OR (j.status = 'retry_pending' AND j.next_attempt_at IS NOT NULL))
      """;

  private static final String DUE_NOW =
      """
      status = 'retry_pending', processing_stage = 'pending', retry_count = 0,
      completed_at = NULL, lease_owner = NULL, lease_until = NULL, next_attempt_at = now(),
      processing_started_at = now(),
      fencing_token = j.fencing_token + 1, updated_at = now()
      """;

  private Interventions() {}

  /** Promises that until the transaction ends nobody takes the job up or renews its lease. */
  public static void lock(Scope db, UUID job) {
    db.get(
        "SELECT 1 FROM document_processing_jobs WHERE id = CAST(? AS uuid) FOR UPDATE",
        job.toString());
  }

  /** Promises that nobody works on the job, and nobody will for its generation. */
  public static boolean cancel(Scope db, UUID job, UUID document) {
    boolean cancelled =
        db.dml(
                """
                UPDATE document_processing_jobs SET
                       status = 'cancelled', error_message = ?, lease_owner = NULL,
                       lease_until = NULL, next_attempt_at = NULL, completed_at = now(),
                       fencing_token = fencing_token + 1, updated_at = now()
                 WHERE id = CAST(? AS uuid)
                   AND ((status = 'processing' AND lease_until IS NOT NULL)
                        OR (status = 'retry_pending' AND next_attempt_at IS NOT NULL))
                """,
                CANCELLED,
                job.toString())
            > 0;
    if (cancelled) {
      showLastResult(db, document);
      recordCancelled(db, job);
    }
    return cancelled;
  }

  /** Promises that the job is due at once, with all its attempts before it. */
  public static boolean retry(Scope db, UUID job, UUID document) {
    boolean due =
        db.dml(
                "UPDATE document_processing_jobs j SET "
                    + DUE_NOW
                    + " WHERE j.id = CAST(? AS uuid) AND j.status <> 'processed' AND "
                    + MAY_BE_TAKEN_AGAIN,
                job.toString())
            > 0;
    if (due) {
      showAtWork(db, document);
    }
    return due;
  }

  /** Promises a job for the document that is due at once, though its object may be unchanged. */
  public static boolean again(Scope db, ObjectId object, UUID document) {
    boolean due =
        db.dml(
                """
                INSERT INTO document_processing_jobs AS j
                       (id, document_id, status, processing_stage, file_size, file_type, file_path,
                        generation, metageneration, fencing_token, next_attempt_at)
                SELECT CAST(? AS uuid), id, 'retry_pending', 'pending',
                       coalesce(object_size, file_size), mime_type, gcs_path,
                       coalesce(generation, 0), coalesce(metageneration, 0), 1, now()
                  FROM documents WHERE id = CAST(? AS uuid)
                ON CONFLICT (file_path) DO UPDATE SET
                """
                    + DUE_NOW
                    + " WHERE "
                    + MAY_BE_TAKEN_AGAIN,
                Jobs.idOf(object).toString(),
                document.toString())
            > 0;
    if (due) {
      showAtWork(db, document);
    }
    return due;
  }

  private static void showAtWork(Scope db, UUID document) {
    db.dml(
        """
        UPDATE documents SET status = 'processing', updated_at = now() WHERE id = CAST(? AS uuid)
        """,
        document.toString());
  }

  // Readers have kept the last result's chunks; a document without one is a failure with a reason.
  private static void showLastResult(Scope db, UUID document) {
    db.dml(
        """
        UPDATE documents SET
               status = CASE WHEN processed_at IS NULL OR processing_error IS NOT NULL
                             THEN 'error'::document_status ELSE 'completed' END,
               processing_error = CASE WHEN processed_at IS NULL
                                       THEN coalesce(processing_error, ?)
                                       ELSE processing_error END,
               updated_at = now()
         WHERE id = CAST(? AS uuid)
        """,
        CANCELLED,
        document.toString());
  }

  private static void recordCancelled(Scope db, UUID job) {
    db.dml(
        """
        INSERT INTO job_attempts (job_id, generation, attempt, outcome, reason)
        SELECT id, coalesce(generation, 0), retry_count + 1, 'cancelled', error_message
          FROM document_processing_jobs WHERE id = CAST(? AS uuid)
        """,
        job.toString());
  }
}

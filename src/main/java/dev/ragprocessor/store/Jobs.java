package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rows of {@code document_processing_jobs}: the right to work on an object, and what became of
 * it. All times come from the database's clock. A write that names a {@link Claim} changes nothing
 * when the claim is lost, and says so. It compares the generation besides the fencing token: a
 * deleted row takes its token with it, and the next generation's row begins to count anew.
 */
public final class Jobs {
  private static final String CLAIM =
      """
      INSERT INTO document_processing_jobs AS j
             (id, document_id, status, processing_stage, file_size, file_type, file_path,
              generation, metageneration, fencing_token, lease_owner, lease_until,
              processing_started_at)
      VALUES (CAST(? AS uuid), CAST(? AS uuid), 'processing', ?, ?, ?, ?, ?, ?, 1, ?,
              now() + make_interval(secs => ?), now())
      ON CONFLICT (file_path) DO UPDATE SET
              status = 'processing', processing_stage = EXCLUDED.processing_stage,
              file_size = EXCLUDED.file_size, file_type = EXCLUDED.file_type,
              generation = EXCLUDED.generation, metageneration = EXCLUDED.metageneration,
              retry_count = 0, error_message = NULL, completed_at = NULL,
              fencing_token = j.fencing_token + 1, lease_owner = EXCLUDED.lease_owner,
              lease_until = EXCLUDED.lease_until, next_attempt_at = NULL,
              processing_started_at = now(), updated_at = now()
      RETURNING id, fencing_token
      """;

  static final String ENDED =
      """
      ON CONFLICT (file_path) DO UPDATE SET
              status = EXCLUDED.status, processing_stage = EXCLUDED.processing_stage,
              file_size = EXCLUDED.file_size, file_type = EXCLUDED.file_type,
              generation = EXCLUDED.generation, metageneration = EXCLUDED.metageneration,
              retry_count = CASE WHEN j.generation = EXCLUDED.generation THEN j.retry_count ELSE 0 END,
              error_message = EXCLUDED.error_message, fencing_token = j.fencing_token + 1,
              lease_owner = NULL, lease_until = NULL, next_attempt_at = NULL,
              completed_at = now(), updated_at = now()
      RETURNING id
      """;

  private static final String END =
      """
      INSERT INTO document_processing_jobs AS j
             (id, document_id, status, processing_stage, file_size, file_type, file_path,
              generation, metageneration, fencing_token, error_message, processing_started_at,
              completed_at)
      VALUES (CAST(? AS uuid), CAST(? AS uuid), CAST(? AS document_processing_job_status), ?, ?, ?,
              ?, ?, ?, 1, ?, now(), now())
      """
          + ENDED;

  // SKIP LOCKED: every replica's sweeper takes other rows. Rows without a lease are not ours. A
  // lease
  // that ran out counts as a try: a file that ends the process must not be tried for ever.
  private static final String TAKE_DUE =
      """
      UPDATE document_processing_jobs j SET
             status = 'processing', processing_stage = 'downloading', lease_owner = ?,
             lease_until = now() + make_interval(secs => ?), next_attempt_at = NULL,
             fencing_token = j.fencing_token + 1, updated_at = now(),
             retry_count = j.retry_count + CASE j.status WHEN 'processing' THEN 1 ELSE 0 END
        FROM (SELECT id FROM document_processing_jobs
               WHERE (status = 'retry_pending' AND next_attempt_at <= now())
                  OR (status = 'processing' AND lease_until < now())
               ORDER BY coalesce(next_attempt_at, lease_until)
               LIMIT ? FOR UPDATE SKIP LOCKED) due
       WHERE j.id = due.id
      RETURNING j.id, j.file_path, j.generation, j.metageneration, j.file_size,
                j.file_type, j.fencing_token, j.retry_count
      """;

  // Rows without a lease or a retry's time are not ours, or have ended.
  private static final String QUEUE =
      """
      SELECT count(*) FILTER (WHERE status = 'processing') AS processing,
             count(*) FILTER (WHERE status = 'retry_pending') AS waiting,
             count(*) FILTER (WHERE coalesce(next_attempt_at, lease_until) <= now()) AS due,
             coalesce(CAST(extract(epoch FROM now()
                 - min(coalesce(processing_started_at, created_at))) * 1000 AS bigint), 0) AS oldest,
             coalesce(CAST(extract(epoch FROM now()
                 - min(coalesce(next_attempt_at, lease_until))) * 1000 AS bigint), 0) AS overdue
        FROM document_processing_jobs
       WHERE next_attempt_at IS NOT NULL OR lease_until IS NOT NULL
      """;

  private Jobs() {}

  /** Promises the work on this version to {@code owner} for the length of a lease. */
  public static Claim claim(
      Scope db,
      UUID documentId,
      DocumentVersion version,
      Stage stage,
      String owner,
      Duration lease) {
    ObjectId object = version.object();
    return db.createGet(CLAIM)
        .addParam(idOf(object).toString())
        .addParam(documentId.toString())
        .addParam(stage.label())
        .addParam(version.size())
        .addParam(version.mediaType())
        .addParam(object.path())
        .addParam(object.generation())
        .addParam(version.metageneration())
        .addParam(owner)
        .addParam(seconds(lease))
        .execute()
        .map(
            row ->
                new Claim(
                    Columns.uuid(row, "id"),
                    object,
                    version.metageneration(),
                    version.size(),
                    version.mediaType(),
                    Columns.integer(row, "fencing_token"),
                    1))
        .orElseThrow();
  }

  /**
   * Promises that the job of this version has ended, whoever worked on it; the lease is free. Where
   * the document changes as well, {@link Results} does both.
   *
   * @return the job's id
   */
  public static UUID end(
      Scope db, UUID documentId, DocumentVersion version, JobStatus status, String reason) {
    ObjectId object = version.object();
    return db.createGet(END)
        .addParam(idOf(object).toString())
        .addParam(documentId.toString())
        .addParam(status.label())
        .addParam(Stage.COMPLETED.label())
        .addParam(version.size())
        .addParam(version.mediaType())
        .addParam(object.path())
        .addParam(object.generation())
        .addParam(version.metageneration())
        .addParam(reason.isEmpty() ? null : reason)
        .execute()
        .map(row -> Columns.uuid(row, "id"))
        .orElseThrow();
  }

  /**
   * Promises that the job waits for its next attempt and that the lease is free.
   *
   * @param delay from the database's now
   * @return whether the claim still held
   */
  public static boolean postpone(Scope db, Claim claim, String reason, Duration delay) {
    return db.dml(
            """
            UPDATE document_processing_jobs SET
                   status = 'retry_pending', processing_stage = 'pending',
                   retry_count = retry_count + 1, error_message = ?, lease_owner = NULL,
                   lease_until = NULL, next_attempt_at = now() + make_interval(secs => ?),
                   updated_at = now()
             WHERE id = CAST(? AS uuid) AND fencing_token = ? AND coalesce(generation, 0) = ?
            """,
            reason,
            seconds(delay),
            claim.jobId().toString(),
            claim.fencingToken(),
            claim.object().generation())
        > 0;
  }

  /**
   * Promises the same as {@link #postpone}, but counts no attempt: the fault is not the object's.
   */
  public static boolean pause(Scope db, Claim claim, String reason, Duration delay) {
    return db.dml(
            """
            UPDATE document_processing_jobs SET
                   status = 'retry_pending', processing_stage = 'pending', error_message = ?,
                   lease_owner = NULL, lease_until = NULL,
                   next_attempt_at = now() + make_interval(secs => ?), updated_at = now()
             WHERE id = CAST(? AS uuid) AND fencing_token = ? AND coalesce(generation, 0) = ?
            """,
            reason,
            seconds(delay),
            claim.jobId().toString(),
            claim.fencingToken(),
            claim.object().generation())
        > 0;
  }

  /**
   * Promises that the job, if it is still at work, can be taken at once by any replica; it counts
   * as no attempt.
   */
  public static boolean handBack(Scope db, Claim claim) {
    return db.dml(
            """
            UPDATE document_processing_jobs SET
                   status = 'retry_pending', processing_stage = 'pending', lease_owner = NULL,
                   lease_until = NULL, next_attempt_at = now(), updated_at = now(),
                   fencing_token = fencing_token + 1
             WHERE id = CAST(? AS uuid) AND fencing_token = ? AND status = 'processing'
               AND coalesce(generation, 0) = ?
            """,
            claim.jobId().toString(),
            claim.fencingToken(),
            claim.object().generation())
        > 0;
  }

  /**
   * Promises that people see the stage.
   *
   * @return whether the claim still held: false tells the worker to stop
   */
  public static boolean enter(Scope db, Claim claim, Stage stage) {
    return db.dml(
            """
            UPDATE document_processing_jobs SET processing_stage = ?, updated_at = now()
             WHERE id = CAST(? AS uuid) AND fencing_token = ? AND coalesce(generation, 0) = ?
            """,
            stage.label(),
            claim.jobId().toString(),
            claim.fencingToken(),
            claim.object().generation())
        > 0;
  }

  /**
   * Promises a full lease, from now, for every one of these claims that still holds. A job whose
   * claim is not among them is nobody's work any more, whoever its lease names: it runs out.
   */
  public static long renew(Scope db, Collection<Claim> claims, Duration lease) {
    if (claims.isEmpty()) {
      return 0;
    }
    return db.dml(
        """
        UPDATE document_processing_jobs j SET lease_until = now() + make_interval(secs => ?)
          FROM unnest(CAST(? AS uuid[]), CAST(? AS bigint[])) AS held (id, fencing_token)
         WHERE j.id = held.id AND j.fencing_token = held.fencing_token AND j.status = 'processing'
        """,
        seconds(lease),
        array(claims, Claim::jobId),
        array(claims, Claim::fencingToken));
  }

  private static String array(Collection<Claim> claims, Function<Claim, Object> member) {
    return claims.stream()
        .map(claim -> member.apply(claim).toString())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** Promises at most {@code limit} jobs whose retry is due or whose lease ran out. */
  public static List<Claim> takeDue(Scope db, String owner, Duration lease, int limit) {
    return db.query(TAKE_DUE, owner, seconds(lease), limit).map(Jobs::claim).toList();
  }

  /** Promises how many jobs there are to do, by two indexes that hold no other rows. */
  public static QueueState queue(Scope db) {
    return db.get(QUEUE)
        .map(
            row ->
                new QueueState(
                    Columns.integer(row, "processing"),
                    Columns.integer(row, "waiting"),
                    Columns.integer(row, "due"),
                    milliseconds(Columns.integer(row, "oldest")),
                    milliseconds(Columns.integer(row, "overdue"))))
        .orElseThrow();
  }

  private static Duration milliseconds(long count) {
    return Duration.ofMillis(Math.max(0, count));
  }

  /** Promises a line in the job's history. */
  public static void recordAttempt(Scope db, Claim claim, String outcome, String reason) {
    db.dml(
        """
        INSERT INTO job_attempts (job_id, generation, attempt, outcome, reason)
        VALUES (CAST(? AS uuid), ?, ?, ?, ?)
        """,
        claim.jobId().toString(),
        claim.object().generation(),
        claim.attempt(),
        outcome,
        reason);
  }

  /** Promises that at most {@code limit} lines of history older than {@code age} are gone. */
  public static long expireAttempts(Scope db, Duration age, int limit) {
    return db.dml(
        """
        DELETE FROM job_attempts WHERE id IN (
          SELECT id FROM job_attempts WHERE ended_at < now() - make_interval(secs => ?) LIMIT ?)
        """,
        seconds(age),
        limit);
  }

  static UUID idOf(ObjectId object) {
    return NameBasedIds.of("job", object.path());
  }

  private static Claim claim(DbRow row) {
    return new Claim(
        Columns.uuid(row, "id"),
        ObjectId.ofPath(Columns.text(row, "file_path"), Columns.integerOr(row, "generation", 0)),
        Columns.integerOr(row, "metageneration", 0),
        Columns.integerOr(row, "file_size", 0),
        Columns.text(row, "file_type"),
        Columns.integer(row, "fencing_token"),
        (int) Columns.integer(row, "retry_count") + 1);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

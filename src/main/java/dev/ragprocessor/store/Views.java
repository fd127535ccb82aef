package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people ask about jobs and documents; it changes nothing. */
public final class Views {
  private static final String JOB =
      """
      SELECT j.id, j.document_id, d.user_id, j.file_path, j.generation, j.status::text AS status,
             j.processing_stage, j.retry_count, j.error_message, j.created_at, j.updated_at,
             j.next_attempt_at, j.completed_at
        FROM document_processing_jobs j JOIN documents d ON d.id = j.document_id
      """;

  private static final String DOCUMENT =
      """
      SELECT id, user_id, gcs_path, filename, generation, status::text AS status, mime_type,
             file_category::text AS file_category, coalesce(object_size, file_size) AS size,
             chunk_count, processing_error, created_at, updated_at, processed_at
        FROM documents
      """;

  private Views() {}

  /**
   * Promises the newest jobs first.
   *
   * @param tenant whose jobs; null for everybody's
   * @param status of the jobs wanted; null for all
   * @param object the {@code gs://} path of the only one wanted; null for all
   * @param limit 1 to 1,000
   */
  public static List<JobView> jobs(
      Scope db,
      @Nullable TenantId tenant,
      @Nullable JobStatus status,
      @Nullable String object,
      int limit) {
    StringBuilder sql = new StringBuilder(JOB).append(" WHERE true");
    if (tenant != null) {
      sql.append(" AND d.user_id = CAST(? AS uuid)");
    }
    if (status != null) {
      sql.append(" AND j.status = CAST(? AS document_processing_job_status)");
    }
    if (object != null) {
      sql.append(" AND j.file_path = ?");
    }
    DbStatementQuery query =
        db.createQuery(sql.append(" ORDER BY j.updated_at DESC, j.id LIMIT ?").toString());
    if (tenant != null) {
      query.addParam(tenant.toString());
    }
    if (status != null) {
      query.addParam(status.label());
    }
    if (object != null) {
      query.addParam(object);
    }
    return query.addParam(limit).execute().map(Views::job).toList();
  }

  /** Promises the newest lines of a job's history first, at most {@code limit}. */
  public static List<JobAttempt> attempts(Scope db, UUID job, int limit) {
    return db.query(
            """
            SELECT generation, attempt, outcome, nullif(reason, '') AS reason, ended_at
              FROM job_attempts WHERE job_id = CAST(? AS uuid) ORDER BY id DESC LIMIT ?
            """,
            job.toString(),
            limit)
        .map(Views::attempt)
        .toList();
  }

  /** Promises one page of documents. */
  public static DocumentPage documents(Scope db, DocumentPage.Query wanted) {
    StringBuilder sql = new StringBuilder(DOCUMENT).append(" WHERE user_id = CAST(? AS uuid)");
    List<Object> parameters = new ArrayList<>(List.of(wanted.tenant().toString()));
    if (wanted.status() != null) {
      sql.append(" AND status = CAST(? AS document_status)");
      parameters.add(wanted.status());
    }
    if (wanted.object() != null) {
      sql.append(" AND gcs_path = ?");
      parameters.add(wanted.object());
    }
    if (!wanted.prefix().isEmpty()) {
      sql.append(" AND starts_with(gcs_path, ?)");
      parameters.add(wanted.prefix());
    }
    DocumentPage.Position after = wanted.after();
    if (after != null) {
      sql.append(" AND (created_at, id) < (CAST(? AS timestamptz), CAST(? AS uuid))");
      parameters.add(after.createdAt().toString());
      parameters.add(after.id().toString());
    }
    sql.append(" ORDER BY created_at DESC, id DESC LIMIT ?");
    parameters.add(wanted.limit() + 1);
    List<DocumentView> found =
        db.query(sql.toString(), parameters.toArray()).map(Views::document).toList();
    if (found.size() <= wanted.limit()) {
      return new DocumentPage(found, null);
    }
    List<DocumentView> page = found.subList(0, wanted.limit());
    DocumentView last = page.getLast();
    return new DocumentPage(page, new DocumentPage.Position(last.createdAt(), last.id()));
  }

  /** Promises the job of this id, if there is one. */
  public static Optional<JobView> job(Scope db, UUID id) {
    return db.get(JOB + " WHERE j.id = CAST(? AS uuid)", id.toString()).map(Views::job);
  }

  /** Promises the document of this id, if there is one. */
  public static Optional<DocumentView> document(Scope db, UUID id) {
    return db.get(DOCUMENT + " WHERE id = CAST(? AS uuid)", id.toString()).map(Views::document);
  }

  /** Promises the document of this object, if there is one. */
  public static Optional<DocumentView> document(Scope db, ObjectId object) {
    return db.get(DOCUMENT + " WHERE gcs_path = ?", object.path()).map(Views::document);
  }

  private static JobView job(DbRow row) {
    return new JobView(
        Columns.uuid(row, "id"),
        Columns.uuid(row, "document_id"),
        new TenantId(Columns.uuid(row, "user_id")),
        Columns.text(row, "file_path"),
        Columns.integerOr(row, "generation", 0),
        JobStatus.of(Columns.text(row, "status")),
        Columns.text(row, "processing_stage"),
        (int) Columns.integer(row, "retry_count"),
        Columns.textOrNull(row, "error_message"),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "updated_at"),
        Columns.instantOrNull(row, "next_attempt_at"),
        Columns.instantOrNull(row, "completed_at"));
  }

  private static JobAttempt attempt(DbRow row) {
    return new JobAttempt(
        Columns.integer(row, "generation"),
        (int) Columns.integer(row, "attempt"),
        Columns.text(row, "outcome"),
        Columns.textOrNull(row, "reason"),
        Columns.instant(row, "ended_at"));
  }

  private static DocumentView document(DbRow row) {
    return new DocumentView(
        Columns.uuid(row, "id"),
        new TenantId(Columns.uuid(row, "user_id")),
        Columns.text(row, "gcs_path"),
        Columns.text(row, "filename"),
        Columns.integerOr(row, "generation", 0),
        Columns.text(row, "status"),
        Columns.text(row, "mime_type"),
        FileCategory.of(Columns.text(row, "file_category")),
        Columns.integer(row, "size"),
        (int) Columns.integerOr(row, "chunk_count", 0),
        Columns.textOrNull(row, "processing_error"),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "updated_at"),
        Columns.instantOrNull(row, "processed_at"));
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.Interventions;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.ModelAnswers;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.ObjectState;
import dev.ragprocessor.store.Rejections;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Tombstones;
import dev.ragprocessor.store.Views;
import java.util.Optional;
import java.util.UUID;

/**
 * What a person may do to a tenant's jobs and documents, whichever process works on them: each is
 * one short transaction that locks the object, and the fencing token tells a worker to stop at its
 * next stage and to write nothing. The work that is asked for is done by whoever sweeps next. Safe
 * for use by many threads; blocks for the database only.
 */
public final class Operator {
  private static final String FOREIGN =
      "another program works on it: this service holds no lease on the job";

  private final Scopes database;

  /**
   * @param database where these transactions wait; not ingestion's gate, so that a person gets
   *     through while everything is busy
   */
  public Operator(Scopes database) {
    this.database = database;
  }

  /** Promises that a job that failed, was cancelled, or waits is due at once. */
  public Decision<JobView> retry(TenantId tenant, UUID job) {
    return database.inTransaction(
        "operator.retry",
        db ->
            locked(db, tenant, job)
                .map(known -> retry(db, known))
                .orElseGet(Decision.Unknown::new));
  }

  /**
   * Promises that nothing more comes of a job that is at work or waits: its document shows its last
   * result, and only a newer generation of the object makes work again, or {@link #retry}.
   */
  public Decision<JobView> cancel(TenantId tenant, UUID job) {
    return database.inTransaction(
        "operator.cancel",
        db ->
            locked(db, tenant, job)
                .map(known -> cancel(db, known))
                .orElseGet(Decision.Unknown::new));
  }

  /**
   * Promises that the live object is taken again at once, text and vectors, though it may be
   * unchanged; until then the document can be found as it is.
   */
  public Decision<JobView> reprocess(TenantId tenant, UUID document) {
    return database.inTransaction(
        "operator.reprocess",
        db ->
            Views.document(db, document)
                .filter(known -> known.tenant().equals(tenant))
                .map(known -> reprocess(db, known))
                .orElseGet(Decision.Unknown::new));
  }

  /**
   * Promises that the document, its chunks and its job are gone, and that no event about a
   * generation known so far brings them back, though the object may live on in its bucket; a newer
   * generation does. What another program stored without a generation has no such protection.
   */
  public Decision<DocumentView> delete(TenantId tenant, UUID document) {
    return database.inTransaction(
        "operator.delete",
        db ->
            Views.document(db, document)
                .filter(known -> known.tenant().equals(tenant))
                .map(known -> delete(db, known))
                .orElseGet(Decision.Unknown::new));
  }

  /** The job as it is until the transaction ends, for nobody else decides about its object. */
  private static Optional<JobView> locked(Scope db, TenantId tenant, UUID id) {
    Optional<JobView> seen = Views.job(db, id).filter(job -> job.tenant().equals(tenant));
    if (seen.isEmpty()) {
      return seen;
    }
    Documents.locked(db, object(seen.get().object()));
    Interventions.lock(db, id);
    return Views.job(db, id);
  }

  private static Decision<JobView> retry(Scope db, JobView job) {
    return switch (job.status()) {
      case ERROR, CANCELLED, PARTIALLY_PROCESSED, RETRY_PENDING ->
          Interventions.retry(db, job.id(), job.documentId())
              ? now(db, job.id())
              : new Decision.Refused<>(FOREIGN);
      case PROCESSED ->
          new Decision.Refused<>(
              "the job has succeeded: reprocess its document to take the object again");
      case PROCESSING ->
          new Decision.Refused<>("the job is at work: it can be retried when it has ended");
      case PENDING -> new Decision.Refused<>(FOREIGN);
    };
  }

  private static Decision<JobView> cancel(Scope db, JobView job) {
    return switch (job.status()) {
      case PROCESSING, RETRY_PENDING ->
          Interventions.cancel(db, job.id(), job.documentId())
              ? now(db, job.id())
              : new Decision.Refused<>(FOREIGN);
      case PENDING -> new Decision.Refused<>(FOREIGN);
      case PROCESSED, ERROR, CANCELLED, PARTIALLY_PROCESSED ->
          new Decision.Refused<>(
              "the job has ended already: " + job.status().label().replace('_', ' '));
    };
  }

  private static Decision<JobView> reprocess(Scope db, DocumentView document) {
    if (document.status().equals("uploading")) {
      return new Decision.Refused<>("the object is still being uploaded");
    }
    ObjectId object = object(document.object());
    Documents.locked(db, object);
    boolean due = Interventions.again(db, object, document.id());
    ObjectState.Job job = Documents.state(db, object).job();
    if (job == null) {
      return new Decision.Unknown<>(); // deleted while the lock was waited for
    }
    if (due) {
      ModelAnswers.forget(db, object); // what models said of it is to be asked again
      return now(db, job.id());
    }
    return new Decision.Refused<>(
        job.status() == JobStatus.PROCESSING
            ? "the object is being processed already: cancel its job first"
            : FOREIGN);
  }

  private static Decision<DocumentView> delete(Scope db, DocumentView document) {
    ObjectId object = object(document.object());
    ObjectState state = Documents.locked(db, object);
    ObjectState.StoredDocument stored = state.document();
    if (stored == null) {
      return new Decision.Unknown<>();
    }
    long newest = Math.max(stored.generation(), state.job() == null ? 0 : state.job().generation());
    if (newest > 0) {
      Tombstones.leave(db, object.at(newest), stored.metageneration());
    }
    Rejections.forget(db, object.at(newest));
    Documents.delete(db, object);
    return new Decision.Done<>(document);
  }

  private static Decision<JobView> now(Scope db, UUID job) {
    return Views.job(db, job).<Decision<JobView>>map(Decision.Done::new).orElseThrow();
  }

  // The tables hold gs:// paths and nothing else, whoever wrote the row.
  private static ObjectId object(String path) {
    return ObjectId.ofPath(path, 0);
  }
}

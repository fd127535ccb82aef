package dev.ragprocessor;

import dev.ragprocessor.ingest.Decision;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.JobAttempt;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The product at work, in this process or in another one: what the commands ask. Safe for use by
 * many threads.
 */
interface Instance {
  /** Promises the best passages of a tenant's documents first. */
  Answered search(TenantId tenant, String question, int limit);

  /** Promises a tenant's jobs that changed last, newest first. */
  default List<JobLine> jobs(TenantId tenant, int limit) {
    return jobs(tenant, null, null, limit).stream().map(JobLine::of).toList();
  }

  /**
   * Promises those of a tenant's jobs, newest first.
   *
   * @param status of the jobs wanted; null for all
   * @param object the {@code gs://} path of the only one wanted; null for all
   * @param limit 1 to 1,000
   */
  List<JobView> jobs(
      TenantId tenant, @Nullable JobStatus status, @Nullable String object, int limit);

  /** Promises a tenant's job, if there is one of this id. */
  Optional<JobHistory> job(TenantId tenant, UUID id);

  /** Promises one page of documents, the newest first. */
  DocumentPage documents(DocumentPage.Query wanted);

  /** Promises a tenant's document, if there is one of this id. */
  Optional<DocumentView> document(TenantId tenant, UUID id);

  /** Promises that a job is due at once; what is done is its id. */
  Decision<UUID> retry(TenantId tenant, UUID job);

  /** Promises that a job is cancelled; what is done is its id. */
  Decision<UUID> cancel(TenantId tenant, UUID job);

  /** Promises that a document's object is taken again at once; what is done is its job's id. */
  Decision<UUID> reprocess(TenantId tenant, UUID document);

  /** Promises that a document is gone until its object is written again; what is done is its id. */
  Decision<UUID> delete(TenantId tenant, UUID document);

  /**
   * What was found, the best first.
   *
   * @param note what could not be searched and why; empty when all was
   */
  record Answered(List<Found> found, String note) {
    public Answered {
      found = List.copyOf(found);
    }
  }

  /**
   * A passage that was found.
   *
   * @param object the {@code gs://} path of its file
   * @param place where it stands in the file, as people say it; empty when it has no parts
   * @param score as {@link dev.ragprocessor.search.Answer} defines it
   */
  record Found(String object, String place, double score, String text) {}

  /** A job and its attempts that ended, the last one first. */
  record JobHistory(JobView job, List<JobAttempt> attempts) {
    public JobHistory {
      attempts = List.copyOf(attempts);
    }
  }

  /**
   * A job in one line.
   *
   * @param error why it failed; empty when it did not
   */
  record JobLine(UUID id, String object, String status, String stage, String error) {
    static JobLine of(JobView job) {
      return new JobLine(
          job.id(),
          job.object(),
          job.status().label(),
          job.stage(),
          job.error() == null ? "" : job.error());
    }

    /** Whether nothing more happens to it. */
    boolean ended() {
      return switch (status) {
        case "processed", "partially_processed", "error", "cancelled" -> true;
        default -> false;
      };
    }
  }
}

package dev.ragprocessor;

import dev.ragprocessor.store.TenantId;
import java.util.List;
import java.util.UUID;

/**
 * The product at work, in this process or in another one: what the commands ask. Safe for use by
 * many threads.
 */
interface Instance {
  /** Promises the best passages of a tenant's documents first. */
  List<Found> search(TenantId tenant, String question, int limit);

  /** Promises a tenant's jobs that changed last, newest first. */
  List<JobLine> jobs(TenantId tenant, int limit);

  /**
   * A passage that was found.
   *
   * @param object the {@code gs://} path of its file
   * @param place where it stands in the file, as people say it; empty when it has no parts
   * @param score the cosine similarity with the question, -1 to 1
   */
  record Found(String object, String place, double score, String text) {}

  /**
   * A job in one line.
   *
   * @param error why it failed; empty when it did not
   */
  record JobLine(UUID id, String object, String status, String stage, String error) {
    /** Whether nothing more happens to it. */
    boolean ended() {
      return switch (status) {
        case "processed", "partially_processed", "error", "cancelled" -> true;
        default -> false;
      };
    }
  }
}

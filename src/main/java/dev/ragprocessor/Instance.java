package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import java.util.List;
import java.util.UUID;

/**
 * The product at work, in this process or in another one: what the commands ask. Safe for use by
 * many threads.
 */
interface Instance extends AutoCloseable {
  /** Promises the best passages first. */
  List<Found> search(String question, int limit);

  /** Promises the jobs that changed last, newest first. */
  List<JobLine> jobs(int limit);

  /** Promises the job as it is now. */
  JobLine job(UUID id);

  /** Delivers that this object is there; blocks until the event is answered. */
  Delivered deliver(ObjectAttributes object);

  @Override
  void close();

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

  /** How a delivery was answered. */
  sealed interface Delivered {
    /** Durable, and nothing more to do. */
    record Done() implements Delivered {}

    /** Durable; the job goes on. */
    record Working(UUID job) implements Delivered {}

    /** Recorded as one that can never be processed. */
    record Rejected(String reason) implements Delivered {}

    /** Nothing is recorded: to be delivered again. */
    record NotTaken(String reason, java.time.Duration retryAfter) implements Delivered {}
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.TenantId;
import java.time.Duration;
import java.util.Set;

/**
 * How events are taken and tried.
 *
 * @param maxInFlight events at work at once in this process, 1 to 10,000; beyond it a delivery is
 *     answered as saturated
 * @param answerBudget how long a delivery waits for its event before the work is claimed and the
 *     delivery answered, 0 to 8 seconds: Pub/Sub's default deadline is 10
 * @param lease how long a claim lasts without being renewed
 * @param renewInterval between two renewals of all of this process' leases
 * @param sweepInterval between two looks for jobs that are due, jittered
 * @param maxAttempts of one generation before it ends as an error, at least 1
 * @param firstRetryDelay after the first failed attempt; doubled for each further one
 * @param maxRetryDelay the longest of them
 * @param maxExtractions files parsed at once: parsing costs memory, waiting does not
 * @param workingMemory bytes that texts, chunks and vectors of all events take at most, from when a
 *     small file is fetched, or a large one is cut, until it is stored
 * @param defaultTenant the owner of an object whose name does not start with one
 * @param buckets whose events are processed, each a bucket or a bucket, a slash and what the names
 *     of its objects begin with; empty for all
 * @param tombstoneRetention how long a delete is remembered, at least 31 days, Pub/Sub's longest
 *     retention
 * @param historyRetention how long attempts and rejections are remembered
 */
public record IngestSettings(
    int maxInFlight,
    Duration answerBudget,
    Duration lease,
    Duration renewInterval,
    Duration sweepInterval,
    int maxAttempts,
    Duration firstRetryDelay,
    Duration maxRetryDelay,
    int maxExtractions,
    long workingMemory,
    TenantId defaultTenant,
    Set<String> buckets,
    Duration tombstoneRetention,
    Duration historyRetention) {

  /** The longest that any delivery waits for its event. */
  static final Duration LONGEST_BUDGET = Duration.ofSeconds(8);

  private static final Duration PUBSUB_RETENTION = Duration.ofDays(31);

  public IngestSettings {
    buckets = Set.copyOf(buckets);
    requireRange("max-in-flight", maxInFlight, 1, 10_000);
    requireRange("max-attempts", maxAttempts, 1, 100);
    requireRange("max-extractions", maxExtractions, 1, 1_000);
    if (answerBudget.isNegative() || answerBudget.compareTo(LONGEST_BUDGET) > 0) {
      throw new IllegalArgumentException(
          "answer-budget must be 0 to 8 s, below Pub/Sub's deadline of 10 s: " + answerBudget);
    }
    requirePositive("renew-interval", renewInterval);
    requirePositive("sweep-interval", sweepInterval);
    requirePositive("first-retry-delay", firstRetryDelay);
    if (maxRetryDelay.compareTo(firstRetryDelay) < 0) {
      throw new IllegalArgumentException(
          "max-retry-delay (%s) must not be below first-retry-delay (%s)"
              .formatted(maxRetryDelay, firstRetryDelay));
    }
    if (tombstoneRetention.compareTo(PUBSUB_RETENTION) < 0) {
      throw new IllegalArgumentException(
          "tombstone-retention must be 31 days or more, Pub/Sub's longest retention: "
              + tombstoneRetention);
    }
  }

  /**
   * Promises that a lease outlives what may hold up its renewal.
   *
   * @param permitWait the longest wait for a permit
   * @param statementTimeout the longest a statement runs
   * @throws IllegalArgumentException with the arithmetic when it does not
   */
  public void requireLeaseOutlives(Duration permitWait, Duration statementTimeout) {
    Duration least = renewInterval.plus(permitWait).plus(statementTimeout).multipliedBy(3);
    if (lease.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          """
          ingest.lease is %s, but must be at least 3 x (renew-interval %s + permit-wait %s + \
          statement-timeout %s) = %s, or a job could be taken from a process that still works on it\
          """
              .formatted(lease, renewInterval, permitWait, statementTimeout, least));
    }
  }

  /** Whether events about this object are processed. */
  boolean takes(ObjectId object) {
    String path = object.bucket() + "/" + object.name();
    return buckets.isEmpty()
        || buckets.contains(object.bucket())
        || buckets.stream().anyMatch(each -> each.indexOf('/') > 0 && path.startsWith(each));
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d: %d".formatted(name, least, most, value));
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s must be positive: %s".formatted(name, value));
    }
  }
}

package dev.ragprocessor;

import java.time.Duration;
import java.util.UUID;

/** How an event was answered, as far as a backfill is concerned. */
sealed interface Delivered {
  /** Durable, and nothing more to do. */
  record Done() implements Delivered {}

  /** Durable; the job goes on. */
  record Working(UUID job) implements Delivered {}

  /** Recorded as one that can never be processed. */
  record Rejected(String reason) implements Delivered {}

  /** Nothing is recorded: to be delivered again. */
  record NotTaken(String reason, Duration retryAfter) implements Delivered {}
}

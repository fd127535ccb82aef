package dev.ragprocessor.ingest;

import java.time.Duration;

/** Why an event did not end well, and what helps. The reason is a sentence without secrets. */
public sealed interface Failure {
  /** What happened, for a person. */
  String reason();

  /**
   * Everything here is busy: come again, nothing was counted.
   *
   * @param retryAfter when
   */
  record Saturated(String reason, Duration retryAfter) implements Failure {}

  /**
   * Something outside is not there at the moment.
   *
   * @param retryAfter when to try again; zero when nothing is known
   */
  record Retryable(String reason, Duration retryAfter) implements Failure {}

  /** This deployment is wrong and somebody must act; the event is not to blame. */
  record Misconfigured(String reason) implements Failure {}

  /** Nothing will help for this object. */
  record Permanent(String reason) implements Failure {}
}

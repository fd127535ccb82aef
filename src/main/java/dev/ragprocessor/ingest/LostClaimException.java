package dev.ragprocessor.ingest;

/**
 * Somebody cancelled, deleted or took over the job: whoever worked on it stops and writes nothing.
 */
final class LostClaimException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostClaimException() {
    super("the claim was lost: cancelled, deleted, or taken over", null, false, false);
  }
}

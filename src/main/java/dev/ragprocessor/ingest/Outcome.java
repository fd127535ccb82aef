package dev.ragprocessor.ingest;

import java.util.UUID;

/** How an event ended, as far as the one who delivered it is concerned. */
public sealed interface Outcome {
  /**
   * The document is stored and can be found.
   *
   * @param missing what could not be had of it and why, for a person; empty when it is whole
   */
  record Processed(UUID documentId, int chunks, String missing) implements Outcome {
    /** The whole document. */
    public Processed(UUID documentId, int chunks) {
      this(documentId, chunks, "");
    }
  }

  /** The document is gone, and stays gone for this generation. */
  record Deleted() implements Outcome {}

  /** This generation is already what is stored. */
  record Duplicate() implements Outcome {}

  /** A newer generation is known. */
  record Superseded() implements Outcome {}

  /** Nothing of ours: the reason says why. */
  record Ignored(String reason) implements Outcome {}

  /** The work is recorded and goes on after the answer; the job owns it from here. */
  record Accepted(UUID jobId) implements Outcome {}

  /** The object can never be processed; that is recorded with its reason. */
  record Rejected(String reason) implements Outcome {}

  /** Nothing is recorded; whoever delivered the event must bring it again. */
  record NotTaken(Failure failure) implements Outcome {}
}

package dev.ragprocessor.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the database knows of an object, read in one statement.
 *
 * @param document the stored document; null when there is none
 * @param job the work on it; null when there is none
 * @param tombstone the newest generation known to be deleted; 0 when none is
 */
public record ObjectState(@Nullable StoredDocument document, @Nullable Job job, long tombstone) {
  /** What is known of most objects that are announced. */
  static final ObjectState NOTHING = new ObjectState(null, null, 0);

  /**
   * A document's row.
   *
   * @param generation the generation whose result is stored; 0 where the Python service left none
   * @param metageneration of that generation
   * @param crc32c of its bytes; empty when not known
   * @param size in bytes
   * @param completed whether it has its chunks, rather than an error
   */
  public record StoredDocument(
      UUID id, long generation, long metageneration, String crc32c, long size, boolean completed) {}

  /**
   * A job's row.
   *
   * @param generation the generation that the work is for; 0 where the Python service left none
   * @param fencingToken raised by every claim, cancel, delete and take-over
   * @param retryCount the retries so far
   */
  public record Job(UUID id, JobStatus status, long generation, long fencingToken, int retryCount) {

    /** Whether somebody works on it, or will. */
    public boolean active() {
      return status == JobStatus.PROCESSING || status == JobStatus.RETRY_PENDING;
    }

    /** Whether the claim still is the right to work on it. */
    public boolean isHeldBy(Claim claim) {
      return fencingToken == claim.fencingToken() && generation == claim.object().generation();
    }
  }

  /** How a generation stands to what is known. */
  public enum Standing {
    /** Unknown so far: work for somebody. */
    NEW,
    /** Its result is stored, or its job was cancelled. */
    DONE,
    /** A job for it is at work or waits for its retry. */
    CLAIMED,
    /** Something newer is stored, claimed or deleted. */
    SUPERSEDED
  }

  /**
   * Promises how {@code generation} stands to what is known: a document only ever moves forward.
   */
  public Standing standing(long generation) {
    if (tombstone != 0 && tombstone >= generation) {
      return Standing.SUPERSEDED;
    }
    if (job != null && job.active() && job.generation() == generation) {
      // Also of a generation that is stored already: somebody ordered it to be taken again.
      return Standing.CLAIMED;
    }
    // The Python service leaves no generation: 0 is older than every real one, and never done.
    if (document != null && document.generation() != 0 && document.generation() >= generation) {
      return document.generation() == generation ? Standing.DONE : Standing.SUPERSEDED;
    }
    if (job == null || job.generation() < generation) {
      return Standing.NEW;
    }
    if (job.generation() > generation) {
      return job.active() || job.status() == JobStatus.CANCELLED
          ? Standing.SUPERSEDED
          : Standing.NEW;
    }
    return job.status() == JobStatus.CANCELLED ? Standing.DONE : Standing.NEW;
  }

  /** Whether the database knows nothing of the object. */
  public boolean isNothing() {
    return document == null && job == null && tombstone == 0;
  }

  /** Whether work on this generation is to do again what is stored, its vectors included. */
  public boolean isAgain(long generation) {
    return document != null && document.generation() == generation;
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.ChunkGoneException;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.store.ModelAnswers;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.ObjectState;
import dev.ragprocessor.store.Rejections;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.Stage;
import dev.ragprocessor.store.Tombstones;
import dev.ragprocessor.telemetry.Trail;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Every write about an object, each for one transaction that locks the object first: nobody else
 * decides about it until the transaction ends, and what was read before it began counts for
 * nothing.
 */
final class Ledger {
  private final ActiveSpace space;
  private final @Nullable ActiveSpace mediaSpace;
  private final String owner;
  private final Duration lease;

  /**
   * @param space of texts
   * @param mediaSpace of media; null where no vectors of those are made
   * @param owner this process, in its leases
   */
  Ledger(ActiveSpace space, @Nullable ActiveSpace mediaSpace, String owner, Duration lease) {
    this.space = space;
    this.mediaSpace = mediaSpace;
    this.owner = owner;
    this.lease = lease;
  }

  /** Claims the work, unless it needs none any more. */
  Claiming claim(Scope db, DocumentVersion version, Stage stage) {
    ObjectState state = Documents.locked(db, version.object(), space);
    return switch (state.standing(version.object().generation())) {
      case DONE -> new Claiming.Needless(new Outcome.Duplicate());
      case SUPERSEDED -> new Claiming.Needless(new Outcome.Superseded());
      case CLAIMED -> new Claiming.Needless(new Outcome.Accepted(jobOf(state)));
      case NEW -> {
        UUID document = Documents.begin(db, version);
        yield new Claiming.Claimed(Jobs.claim(db, document, version, stage, owner, lease));
      }
    };
  }

  /** Stores chunks, claim and result together, unless something newer is known by now. */
  Outcome store(Scope db, Prepared.Ready ready, Optional<Claim> claim) {
    DocumentVersion version = ready.version();
    return ifStillNews(
        Documents.locked(db, version.object(), space),
        version.object(),
        claim,
        state -> {
          requireActiveFor(db, version);
          String missing = ready.missing();
          int chunks = ready.chunks().size();
          JobStatus status =
              missing.isEmpty() ? JobStatus.PROCESSED : JobStatus.PARTIALLY_PROCESSED;
          Results.Recorded recorded =
              missing.isEmpty()
                  ? Results.completed(db, version, status, chunks)
                  : Results.partly(db, version, missing, chunks);
          Documents.Owned document = recorded.document();
          try {
            if (state.document() == null) {
              Chunks.add(db, document, space, ready.chunks());
            } else {
              Chunks.replace(db, document, space, ready.chunks());
            }
          } catch (ChunkGoneException e) {
            throw new ChangedMeanwhileException(version.object(), e);
          }
          if (version.category() != FileCategory.DOCUMENTS && missing.isEmpty()) {
            ModelAnswers.forget(db, version.object());
          }
          ended(db, recorded.jobId(), status, missing, claim);
          return new Outcome.Processed(document.id(), chunks, missing);
        });
  }

  /** Moves the generation forward over the same bytes. */
  Outcome advance(Scope db, Prepared.Unchanged unchanged, Optional<Claim> claim) {
    DocumentVersion version = unchanged.version();
    return ifStillNews(
        Documents.locked(db, version.object()),
        version.object(),
        claim,
        state -> {
          if (state.document() == null || !state.document().crc32c().equals(version.crc32c())) {
            // Overwritten or deleted since it was read: the next round sees what is there now.
            throw new ChangedMeanwhileException(version.object(), null);
          }
          int chunks = Documents.confirm(db, version.object(), version.metageneration());
          if (chunks == 0) {
            // The same bytes failed under another generation, which took the chunks away.
            throw new ChangedMeanwhileException(version.object(), null);
          }
          UUID document = state.document().id();
          UUID job = Jobs.end(db, document, version, JobStatus.PROCESSED, "");
          Rejections.forget(db, version.object());
          ended(db, job, JobStatus.PROCESSED, "", claim);
          return new Outcome.Processed(document, chunks);
        });
  }

  /** Records that this generation can never be processed; the old one's chunks must not stay. */
  Outcome reject(Scope db, DocumentVersion version, String reason, Optional<Claim> claim) {
    return ifStillNews(
        Documents.locked(db, version.object()),
        version.object(),
        claim,
        state -> {
          Results.Recorded recorded = Results.failed(db, version, reason);
          Chunks.deleteAll(db, recorded.document().id());
          ended(db, recorded.jobId(), JobStatus.ERROR, reason, claim);
          return new Outcome.Rejected(reason);
        });
  }

  /** Records that this generation cannot even have a document. */
  Outcome refuse(Scope db, DocumentVersion version, String reason) {
    return ifStillNews(
        Documents.locked(db, version.object()),
        version.object(),
        Optional.empty(),
        state -> {
          Rejections.record(db, version.object(), version.tenant(), reason);
          return new Outcome.Rejected(reason);
        });
  }

  /**
   * Deletes what is known up to this generation, and leaves a tombstone. Generation 0 is that of a
   * document which another program left without one: no event tells of it, and no tombstone could.
   */
  Outcome delete(Scope db, ObjectAttributes deleted) {
    ObjectId object = deleted.object();
    ObjectState state = Documents.locked(db, object);
    ObjectState.StoredDocument document = state.document();
    if (state.tombstone() >= object.generation() && document == null) {
      return new Outcome.Duplicate();
    }
    if (object.generation() == 0) {
      return Documents.deleteLeftBehind(db, object)
          ? new Outcome.Deleted()
          : new Outcome.Superseded();
    }
    Tombstones.leave(db, object, deleted.metageneration());
    Rejections.forget(db, object);
    if (document == null) {
      return new Outcome.Deleted();
    }
    long newest =
        Math.max(
            document.generation(),
            state.job() != null && state.job().active() ? state.job().generation() : 0);
    if (newest > object.generation()) {
      return new Outcome.Superseded();
    }
    Documents.delete(db, object);
    return new Outcome.Deleted();
  }

  /** Keeps the metadata's version; never a reason to download. */
  Outcome update(Scope db, ObjectAttributes updated) {
    ObjectId object = updated.object();
    ObjectState.StoredDocument document = Documents.locked(db, object).document();
    if (document == null || document.generation() < object.generation()) {
      return new Outcome.Ignored("the generation is not stored, and metadata alone makes no text");
    }
    boolean moved =
        document.generation() == object.generation()
            && Documents.advance(db, object, updated.metageneration());
    return moved ? new Outcome.Processed(document.id(), 0) : new Outcome.Superseded();
  }

  // A medium without a vector of its own would be as wrong in another space: its model might have
  // made one.
  private void requireActiveFor(Scope db, DocumentVersion version) {
    if (mediaSpace != null && version.category() != FileCategory.DOCUMENTS) {
      Spaces.requireActive(db, mediaSpace);
    }
  }

  private Outcome ifStillNews(
      ObjectState state,
      ObjectId object,
      Optional<Claim> claim,
      java.util.function.Function<ObjectState, Outcome> write) {
    ObjectState.Job job = state.job();
    if (claim.isPresent() && (job == null || !job.isHeldBy(claim.get()))) {
      throw new LostClaimException();
    }
    return switch (state.standing(object.generation())) {
      case SUPERSEDED -> new Outcome.Superseded();
      case DONE -> new Outcome.Duplicate();
      // Claimed by another, and this one is done: the raised token tells the other to write
      // nothing.
      case NEW, CLAIMED -> write.apply(state);
    };
  }

  private static void ended(
      Scope db, UUID job, JobStatus status, String reason, Optional<Claim> claim) {
    Trail.current().belongsTo(job);
    if (claim.isPresent()) {
      Jobs.recordAttempt(db, claim.get(), status.label(), reason);
    }
  }

  private static UUID jobOf(ObjectState state) {
    if (state.job() == null) {
      throw new IllegalStateException("a claimed object has a job");
    }
    return state.job().id();
  }

  /** What claiming came to. */
  sealed interface Claiming {
    /** The work is this process' now. */
    record Claimed(Claim claim) implements Claiming {}

    /** There is nothing to claim. */
    record Needless(Outcome outcome) implements Claiming {}
  }
}

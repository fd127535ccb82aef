package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.db.Batcher;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.store.NewObject;
import dev.ragprocessor.store.NewObjects;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.ObjectState;
import dev.ragprocessor.store.Rejections;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.Stage;
import dev.ragprocessor.telemetry.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One event from its start to its outcome: look, prepare without a connection, then one transaction
 * for claim and result together. Everything here runs on the event's own thread, but for {@link
 * #claim}. Safe for use by many threads.
 */
final class Ingestion {
  // What is looked up anew after another event of the object came between; then it waits its turn.
  private static final int ROUNDS = 3;
  private static final int OBJECTS_LOOKED_UP_TOGETHER = 64;
  private static final int CHUNKS_STORED_TOGETHER = 128;

  private final Scopes gate;
  private final Scopes database;
  private final Preparation preparation;
  private final WorkingMemory memory;
  private final Ledger ledger;
  private final ActiveSpace space;
  private final Batcher<ObjectId, ObjectState> looks;
  private final Batcher<NewObject, Optional<Results.Recorded>> newObjects;
  private final RetryPolicy retries;
  private final Conclusions conclusions;
  private final Stages stages;

  /**
   * @param gate where ingestion's own reads and writes wait
   * @param database for lease work, which ingestion must not starve
   * @param deadlines of those who wait for others
   */
  Ingestion(
      Scopes gate,
      Scopes database,
      Preparation preparation,
      WorkingMemory memory,
      Ledger ledger,
      ActiveSpace space,
      RetryPolicy retries,
      Deadlines deadlines,
      Stages stages) {
    this.gate = gate;
    this.database = database;
    this.preparation = preparation;
    this.memory = memory;
    this.ledger = ledger;
    this.space = space;
    Batcher.Patience aTick = turn -> deadlines.await(turn, Deadlines.TICK);
    this.looks =
        new Batcher<>(
            gate,
            "ingest.look",
            OBJECTS_LOOKED_UP_TOGETHER,
            object -> 1,
            aTick,
            (db, objects) -> Documents.states(db, objects, space));
    this.newObjects =
        new Batcher<>(
            gate,
            "ingest.store-new",
            CHUNKS_STORED_TOGETHER,
            object -> Math.max(1, object.chunks().size()),
            aTick,
            (db, objects) -> NewObjects.store(db, space, objects));
    this.retries = retries;
    this.conclusions = new Conclusions(gate, ledger, retries);
    this.stages = stages;
  }

  /** Does the work of a new or newer object. */
  Outcome process(ObjectAttributes event, EventWork work) {
    DocumentVersion announced = preparation.announced(event);
    work.trail().isOf(announced.tenant().value());
    try {
      if (!Rejections.storable(event.object().name())) {
        return work.conclude(() -> rejectUnstorable(announced));
      }
      Optional<Failure> tooOften = triedTooOften(work);
      if (tooOften.isPresent()) {
        return fail(announced, work, tooOften.get());
      }
      for (int round = 1; ; round++) {
        try {
          return processOnce(event, work);
        } catch (ChangedMeanwhileException e) {
          if (round == ROUNDS) {
            throw e;
          }
        }
      }
    } catch (LostClaimException e) {
      return work.conclude(Outcome.Superseded::new);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail(announced, work, new Failure.Retryable("interrupted", Duration.ZERO));
    } catch (IOException | RuntimeException e) {
      return fail(announced, work, Failures.of(e));
    }
  }

  private Outcome processOnce(ObjectAttributes event, EventWork work)
      throws IOException, InterruptedException {
    Known known = look(event.object());
    Optional<Outcome> settled = needless(known.state(), event.object(), work);
    if (settled.isPresent()) {
      return work.conclude(settled::get);
    }
    try (WorkingMemory.Share share = memory.share()) {
      Prepared prepared = prepare(event, known, work, share);
      enter(work, Stage.SAVING);
      return work.conclude(() -> store(prepared, event, known.state(), work.claim()));
    }
  }

  // The last attempt stores what there is: a medium's text finds it as well.
  private Prepared prepare(
      ObjectAttributes event, Known known, EventWork work, WorkingMemory.Share share)
      throws IOException, InterruptedException {
    try {
      return preparation.prepare(
          event, known.state(), known.chunks(), stage -> enter(work, stage), share);
    } catch (VectorsMissingException e) {
      if (retries.allowsAnother(work.claim().map(Claim::attempt).orElse(1))) {
        throw e;
      }
      return e.partly();
    }
  }

  /** Does the work of an object that is gone, or whose generation is. */
  Outcome delete(ObjectAttributes event, EventWork work) {
    work.trail().isOf(preparation.announced(event).tenant().value());
    return work.conclude(
        () ->
            conclusions.write(
                "ingest.delete",
                db -> {
                  if (Rejections.storable(event.object().name())) {
                    return ledger.delete(db, event);
                  }
                  Rejections.forget(db, event.object()); // all that there can be of it
                  return new Outcome.Deleted();
                }));
  }

  /** Does the work of metadata that changed. */
  Outcome update(ObjectAttributes event, EventWork work) {
    work.trail().isOf(preparation.announced(event).tenant().value());
    return work.conclude(
        () ->
            Rejections.storable(event.object().name())
                ? conclusions.write("ingest.update", db -> ledger.update(db, event))
                : new Outcome.Ignored("an object of such a name is not stored"));
  }

  /** Claims what is still at work, on the thread that has to answer. */
  Outcome claim(ObjectAttributes event, EventWork work) {
    Optional<Claim> own = work.claim();
    if (own.isPresent()) {
      return new Outcome.Accepted(own.get().jobId());
    }
    DocumentVersion announced = preparation.announced(event);
    return conclusions.orRefused(
        announced, conclusions.guard("ingest.claim", () -> claim(announced, work)));
  }

  private Outcome claim(DocumentVersion announced, EventWork work) {
    Ledger.Claiming claiming =
        gate.inTransaction("ingest.claim", db -> ledger.claim(db, announced, work.stage()));
    // Only now: a claim that could not be committed is none.
    return switch (claiming) {
      case Ledger.Claiming.Claimed(Claim claim) -> {
        work.claimedAs(claim);
        JobTransitionEvent.commit(work.trail(), JobStatus.PROCESSING);
        yield new Outcome.Accepted(claim.jobId());
      }
      case Ledger.Claiming.Needless(Outcome outcome) -> {
        work.abandon();
        yield outcome;
      }
    };
  }

  private Known look(ObjectId object) {
    ObjectState state = looks.call(object);
    boolean fresh = state.document() == null || state.isAgain(object.generation());
    return new Known(
        state,
        fresh
            ? Set.of()
            : gate.executeIdempotent("ingest.chunks", db -> Chunks.ids(db, object, space)));
  }

  // Another's claim is no work of ours; our own is.
  private static Optional<Outcome> needless(ObjectState state, ObjectId object, EventWork work) {
    return switch (state.standing(object.generation())) {
      case NEW -> Optional.empty();
      case DONE -> Optional.of(new Outcome.Duplicate());
      case SUPERSEDED -> Optional.of(new Outcome.Superseded());
      case CLAIMED ->
          work.claim().isPresent() || state.job() == null
              ? Optional.empty()
              : Optional.of(new Outcome.Accepted(state.job().id()));
    };
  }

  // What fails is counted when it fails; only what ended its process each time comes here.
  private Optional<Failure> triedTooOften(EventWork work) {
    return work.claim()
        .filter(claim -> !retries.allows(claim.attempt()))
        .map(
            claim ->
                new Failure.Permanent(
                    "gave up after %d attempts: each time its process ended before the work did"
                        .formatted(claim.attempt() - 1)));
  }

  private void enter(EventWork work, Stage stage) {
    work.enter(stage);
    Optional<Claim> claim = work.claim();
    boolean ours =
        claim.isPresent()
            ? database.<Boolean, RuntimeException>execute(
                "ingest.stage", db -> Jobs.enter(db, claim.get(), stage))
            : !work.isAbandoned();
    if (!ours) {
      throw new LostClaimException();
    }
  }

  private Outcome store(
      Prepared prepared, ObjectAttributes event, ObjectState known, Optional<Claim> claim) {
    StoreEvent store = new StoreEvent();
    return stages.run(
        store,
        () ->
            prepared instanceof Prepared.Ready ready
                    && ready.version().category() == FileCategory.DOCUMENTS
                    && known.isNothing()
                ? storeNew(ready).orElseGet(() -> storeAny(prepared, event, claim))
                : storeAny(prepared, event, claim),
        store::stored);
  }

  // What was new when it was looked up mostly still is; if not, it is decided under the lock.
  private Optional<Outcome> storeNew(Prepared.Ready ready) {
    Optional<Results.Recorded> stored =
        newObjects.call(new NewObject(ready.version(), ready.chunks()));
    stored.ifPresent(recorded -> Trail.current().belongsTo(recorded.jobId()));
    return stored.map(
        recorded -> new Outcome.Processed(recorded.document().id(), ready.chunks().size()));
  }

  private Outcome storeAny(Prepared prepared, ObjectAttributes event, Optional<Claim> claim) {
    return gate.inTransaction(
        "ingest.store",
        db ->
            switch (prepared) {
              case Prepared.Ready ready -> ledger.store(db, ready, claim);
              case Prepared.Unchanged unchanged -> ledger.advance(db, unchanged, claim);
              case Prepared.Gone() -> ledger.delete(db, event);
              case Prepared.Unusable(DocumentVersion version, String reason) ->
                  ledger.reject(db, version, reason, claim);
              case Prepared.Old(Outcome outcome) -> outcome;
            });
  }

  private Outcome rejectUnstorable(DocumentVersion version) {
    String reason = "the object's name has a character that PostgreSQL cannot store";
    return conclusions.write(
        "ingest.reject",
        db -> {
          Rejections.record(db, version.object(), version.tenant(), reason);
          return new Outcome.Rejected(reason);
        });
  }

  private Outcome fail(DocumentVersion version, EventWork work, Failure failure) {
    return work.conclude(() -> conclusions.ofFailure(version, work, failure));
  }

  private record Known(ObjectState state, Set<UUID> chunks) {}
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.db.Work;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Documents;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.ObjectState;
import dev.ragprocessor.store.Rejections;
import dev.ragprocessor.store.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event from its start to its outcome: look, prepare without a connection, then one transaction
 * for claim and result together. Everything here runs on the event's own thread, but for {@link
 * #claim}. Safe for use by many threads.
 */
final class Ingestion {
  private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);
  private static final Duration MISCONFIGURED_PAUSE = Duration.ofMinutes(1);

  private final Scopes gate;
  private final Scopes database;
  private final Preparation preparation;
  private final Ledger ledger;
  private final ActiveSpace space;
  private final RetryPolicy retries;

  /**
   * @param gate where ingestion's own reads and writes wait
   * @param database for lease work, which ingestion must not starve
   */
  Ingestion(
      Scopes gate,
      Scopes database,
      Preparation preparation,
      Ledger ledger,
      ActiveSpace space,
      RetryPolicy retries) {
    this.gate = gate;
    this.database = database;
    this.preparation = preparation;
    this.ledger = ledger;
    this.space = space;
    this.retries = retries;
  }

  /** Does the work of a new or newer object. */
  Outcome process(ObjectAttributes event, EventWork work) {
    DocumentVersion announced = preparation.announced(event);
    try {
      if (!Rejections.storable(event.object().name())) {
        return rejectUnstorable(announced, work);
      }
      Known known = gate.execute("ingest.look", db -> look(db, event.object()));
      Optional<Outcome> settled = needless(known.state(), event.object(), work);
      if (settled.isPresent()) {
        return work.conclude(settled::get);
      }
      Prepared prepared =
          preparation.prepare(event, known.state(), known.chunks(), stage -> enter(work, stage));
      enter(work, Stage.SAVING);
      return work.conclude(() -> store(prepared, event, work.claim()));
    } catch (LostClaimException e) {
      return work.conclude(Outcome.Superseded::new);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail(announced, work, new Failure.Retryable("interrupted", Duration.ZERO));
    } catch (IOException | RuntimeException e) {
      return fail(announced, work, Failures.of(e));
    }
  }

  /** Does the work of an object that is gone, or whose generation is. */
  Outcome delete(ObjectAttributes event, EventWork work) {
    return work.conclude(() -> write("ingest.delete", db -> ledger.delete(db, event)));
  }

  /** Does the work of metadata that changed. */
  Outcome update(ObjectAttributes event, EventWork work) {
    return work.conclude(() -> write("ingest.update", db -> ledger.update(db, event)));
  }

  /** Claims what is still at work, on the thread that has to answer. */
  Outcome claim(ObjectAttributes event, EventWork work) {
    DocumentVersion announced = preparation.announced(event);
    return orRejected(
        announced,
        write(
            "ingest.claim",
            db ->
                switch (ledger.claim(db, announced, work.stage())) {
                  case Ledger.Claiming.Claimed(Claim claim) -> {
                    work.claimedAs(claim);
                    yield new Outcome.Accepted(claim.jobId());
                  }
                  case Ledger.Claiming.Needless(Outcome outcome) -> outcome;
                }));
  }

  private Known look(Scope db, ObjectId object) {
    ObjectState state = Documents.state(db, object);
    return new Known(state, state.document() == null ? Set.of() : Chunks.ids(db, object, space));
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

  private void enter(EventWork work, Stage stage) {
    work.enter(stage);
    Optional<Claim> claim = work.claim();
    if (claim.isPresent()
        && !database.<Boolean, RuntimeException>execute(
            "ingest.stage", db -> Jobs.enter(db, claim.get(), stage))) {
      throw new LostClaimException();
    }
  }

  private Outcome store(Prepared prepared, ObjectAttributes event, Optional<Claim> claim) {
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

  private Outcome rejectUnstorable(DocumentVersion version, EventWork work) {
    String reason = "the object's name has a character that PostgreSQL cannot store";
    return work.conclude(
        () ->
            write(
                "ingest.reject",
                db -> {
                  Rejections.record(db, version.object(), version.tenant(), reason);
                  return new Outcome.Rejected(reason);
                }));
  }

  private Outcome fail(DocumentVersion version, EventWork work, Failure failure) {
    return work.conclude(() -> recordFailure(version, work, failure));
  }

  private Outcome recordFailure(DocumentVersion version, EventWork work, Failure failure) {
    Optional<Claim> claim = work.claim();
    return switch (failure) {
      case Failure.Permanent(String reason) -> recordPermanent(version, claim, reason);
      case Failure.Saturated(String reason, Duration pause) ->
          claim
              .map(held -> pause(held, reason, pause))
              .orElseGet(() -> new Outcome.NotTaken(failure));
      case Failure.Misconfigured(String reason) ->
          claim
              .map(held -> pause(held, reason, MISCONFIGURED_PAUSE))
              .orElseGet(() -> new Outcome.NotTaken(failure));
      case Failure.Retryable retryable -> postpone(version, work, retryable);
    };
  }

  private Outcome recordPermanent(DocumentVersion version, Optional<Claim> claim, String reason) {
    return orRejected(
        version, write("ingest.reject", db -> ledger.reject(db, version, reason, claim)));
  }

  // Neither work nor failure can have a document, for example because its owner is unknown.
  private Outcome orRejected(DocumentVersion version, Outcome written) {
    if (!(written instanceof Outcome.NotTaken(Failure.Permanent(String why)))) {
      return written;
    }
    return write(
        "ingest.reject",
        db -> {
          Rejections.record(db, version.object(), version.tenant(), why);
          return new Outcome.Rejected(why);
        });
  }

  // It must be durable before the delivery is answered: claimed at once, to wait for its retry.
  private Outcome postpone(DocumentVersion version, EventWork work, Failure.Retryable failure) {
    return orRejected(
        version, write("ingest.postpone", db -> postpone(db, version, work, failure)));
  }

  private Outcome postpone(
      Scope db, DocumentVersion version, EventWork work, Failure.Retryable failure) {
    if (work.claim().isEmpty()) {
      switch (ledger.claim(db, version, work.stage())) {
        case Ledger.Claiming.Claimed(Claim claim) -> work.claimedAs(claim);
        case Ledger.Claiming.Needless(Outcome outcome) -> {
          return outcome;
        }
      }
    }
    Claim claim = work.claim().orElseThrow();
    if (!retries.allowsAnother(claim.attempt())) {
      String reason = "gave up after %d attempts: %s".formatted(claim.attempt(), failure.reason());
      return ledger.reject(db, version, reason, Optional.of(claim));
    }
    Duration delay = retries.delay(claim.attempt(), failure.retryAfter());
    if (Jobs.postpone(db, claim, failure.reason(), delay)) {
      Jobs.recordAttempt(db, claim, "retry", failure.reason());
    }
    return new Outcome.Accepted(claim.jobId());
  }

  // Nobody's fault but ours: no attempt is counted.
  private Outcome pause(Claim claim, String reason, Duration pause) {
    return write(
        "ingest.pause",
        db -> {
          Jobs.pause(db, claim, reason, pause);
          return new Outcome.Accepted(claim.jobId());
        });
  }

  // The last resort: when even this cannot be written, the one who delivered brings it again, or
  // the
  // lease runs out and the sweeper does.
  private Outcome write(String name, Work<Outcome, RuntimeException> work) {
    try {
      return gate.inTransaction(name, work);
    } catch (LostClaimException e) {
      return new Outcome.Superseded();
    } catch (RuntimeException e) {
      Failure failure = Failures.of(e);
      LOG.warn("{} could not be written: {}", name, failure.reason());
      return new Outcome.NotTaken(failure);
    }
  }

  private record Known(ObjectState state, Set<UUID> chunks) {}
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.db.Work;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.Jobs;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes how an event ends: its result, or what becomes of work that failed. Each is one
 * transaction, and when even that cannot be written the outcome says so. Safe for use by many
 * threads.
 */
final class Conclusions {
  private static final Logger LOG = LoggerFactory.getLogger(Conclusions.class);
  private static final Duration MISCONFIGURED_PAUSE = Duration.ofMinutes(1);

  private final Scopes gate;
  private final Ledger ledger;
  private final RetryPolicy retries;

  Conclusions(Scopes gate, Ledger ledger, RetryPolicy retries) {
    this.gate = gate;
    this.ledger = ledger;
    this.retries = retries;
  }

  /** Promises the outcome of the transaction, or why it is not taken; it throws nothing. */
  Outcome write(String name, Work<Outcome, RuntimeException> work) {
    return guard(name, () -> gate.inTransaction(name, work));
  }

  /**
   * Promises the outcome of the writing, or why it is not taken. That is the last resort: whoever
   * delivered the event brings it again, or the lease runs out and the sweeper does.
   */
  Outcome guard(String name, Supplier<Outcome> writing) {
    try {
      return writing.get();
    } catch (LostClaimException e) {
      return new Outcome.Superseded();
    } catch (RuntimeException e) {
      Failure failure = Failures.of(e);
      LOG.warn("{} could not be written: {}", name, failure.reason());
      return new Outcome.NotTaken(failure);
    }
  }

  /** Writes what becomes of work that failed; to be called while nothing else is decided. */
  Outcome ofFailure(DocumentVersion version, EventWork work, Failure failure) {
    Optional<Claim> claim = work.claim();
    return switch (failure) {
      case Failure.Permanent(String reason) -> ofPermanent(version, claim, reason);
      case Failure.Saturated(String reason, Duration pause) ->
          claim
              .map(held -> pause(work, held, reason, pause))
              .orElseGet(() -> new Outcome.NotTaken(failure));
      case Failure.Misconfigured(String reason) ->
          claim
              .map(held -> pause(work, held, reason, MISCONFIGURED_PAUSE))
              .orElseGet(() -> new Outcome.NotTaken(failure));
      case Failure.Retryable retryable -> postpone(version, work, retryable);
    };
  }

  private Outcome ofPermanent(DocumentVersion version, Optional<Claim> claim, String reason) {
    return orRefused(
        version, write("ingest.reject", db -> ledger.reject(db, version, reason, claim)));
  }

  /**
   * Promises what was written; or where nothing can be, because neither work nor failure can have a
   * document (its owner is unknown, for example), that this is recorded.
   */
  Outcome orRefused(DocumentVersion version, Outcome written) {
    return written instanceof Outcome.NotTaken(Failure.Permanent(String why))
        ? write("ingest.refuse", db -> ledger.refuse(db, version, why))
        : written;
  }

  // It must be durable before the delivery is answered: claimed at once, to wait for its retry.
  private Outcome postpone(DocumentVersion version, EventWork work, Failure.Retryable failure) {
    return orRefused(
        version,
        write(
            "ingest.postpone",
            db -> {
              Optional<Claim> held = work.claim();
              return held.isPresent()
                  ? postpone(db, version, work, held.get(), failure)
                  : switch (ledger.claim(db, version, work.stage())) {
                    case Ledger.Claiming.Claimed(Claim claim) ->
                        postpone(db, version, work, claim, failure);
                    case Ledger.Claiming.Needless(Outcome outcome) -> outcome;
                  };
            }));
  }

  private Outcome postpone(
      Scope db, DocumentVersion version, EventWork work, Claim claim, Failure.Retryable failure) {
    if (!retries.allowsAnother(claim.attempt())) {
      String reason = "gave up after %d attempts: %s".formatted(claim.attempt(), failure.reason());
      return ledger.reject(db, version, reason, Optional.of(claim));
    }
    Duration delay = retries.delay(claim.attempt(), failure.retryAfter());
    work.waits(claim, failure.reason(), delay);
    if (Jobs.postpone(db, claim, failure.reason(), delay)) {
      Jobs.recordAttempt(db, claim, "retry", failure.reason());
    }
    return new Outcome.Accepted(claim.jobId());
  }

  // Nobody's fault but ours: no attempt is counted.
  private Outcome pause(EventWork work, Claim claim, String reason, Duration pause) {
    work.waits(claim, reason, pause);
    return write(
        "ingest.pause",
        db -> {
          Jobs.pause(db, claim, reason, pause);
          return new Outcome.Accepted(claim.jobId());
        });
  }
}

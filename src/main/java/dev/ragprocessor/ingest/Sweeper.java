package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.store.ModelAnswers;
import dev.ragprocessor.store.Rejections;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.Tombstones;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the jobs that nobody works on: those whose retry is due, and those whose lease ran out
 * because the process that held it is gone. Each is started as a delivered event is, under the same
 * limit.
 */
final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final int BATCH = 32;
  private static final int EXPIRED_BATCH = 1_000;

  // Longer than any job goes on with its attempts by itself, unless its settings say otherwise.
  private static final Duration ANSWERS = Duration.ofDays(7);

  private final Scopes database;
  private final Ingestion ingestion;
  private final InFlight inFlight;
  private final IngestSettings settings;
  private final String owner;
  private final List<ActiveSpace> spaces;

  /**
   * @param spaces that this process makes vectors of
   */
  Sweeper(
      Scopes database,
      Ingestion ingestion,
      InFlight inFlight,
      IngestSettings settings,
      String owner,
      List<ActiveSpace> spaces) {
    this.database = database;
    this.ingestion = ingestion;
    this.inFlight = inFlight;
    this.settings = settings;
    this.owner = owner;
    this.spaces = List.copyOf(spaces);
  }

  /**
   * Takes up what is due, as far as there are slots; how many jobs that were. None where a model
   * was changed meanwhile: those are for the replicas that have the new one.
   */
  int sweep() {
    int limit = Math.min(BATCH, inFlight.free());
    if (limit == 0) {
      return 0;
    }
    List<Claim> due =
        database.inTransaction(
            "sweeper.take",
            db ->
                spaces.stream().allMatch(space -> Spaces.isActive(db, space))
                    ? Jobs.takeDue(db, owner, settings.lease(), limit)
                    : List.of());
    due.forEach(this::start);
    return due.size();
  }

  /** Deletes what has been remembered for long enough. */
  void expire() {
    database.inTransaction(
        "sweeper.expire",
        db ->
            Tombstones.expire(db, settings.tombstoneRetention(), EXPIRED_BATCH)
                + Jobs.expireAttempts(db, settings.historyRetention(), EXPIRED_BATCH)
                + Rejections.expire(db, settings.historyRetention(), EXPIRED_BATCH)
                + ModelAnswers.expire(db, ANSWERS, EXPIRED_BATCH));
  }

  private void start(Claim claim) {
    ObjectAttributes object =
        new ObjectAttributes(
            claim.object(), claim.metageneration(), claim.mediaType(), claim.size(), "", false);
    EventWork claimed = EventWork.claimed(claim);
    JobTransitionEvent.commit(claimed.trail(), JobStatus.PROCESSING);
    boolean started = inFlight.start(claimed, work -> ingestion.process(object, work));
    if (!started) {
      // A delivery was faster: another replica may have a slot for it.
      database.execute("sweeper.hand-back", db -> Jobs.handBack(db, claim));
      JobTransitionEvent.commit(claimed.trail(), JobStatus.RETRY_PENDING);
    } else {
      LOG.debug("took up {} for attempt {}", claim.object().path(), claim.attempt());
    }
  }
}

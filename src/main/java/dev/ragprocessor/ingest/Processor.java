package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room's whole: takes deliveries, renews this process' leases, and sweeps. Closing it drains:
 * what is at work may finish within the grace, and what does not gives its lease back, so that
 * another replica goes on at once. It borrows its collaborators and closes none of them.
 */
public final class Processor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Processor.class);
  private static final Duration EXPIRE_INTERVAL = Duration.ofHours(1);

  private final Database database;
  private final InFlight inFlight;
  private final Deliveries deliveries;
  private final Duration grace;
  private final Runnable loadEvents;
  private final Upkeep timing;
  private final Upkeep renewing;
  private final Upkeep sweeping;
  private final Upkeep expiring;
  private final Upkeep looking;

  /** The same without models for media, and without traces. */
  public Processor(
      IngestSettings settings,
      Duration grace,
      Database database,
      ActiveSpace space,
      ObjectStore objects,
      Extractor extractor,
      Chunking chunking,
      TextEmbedder embedder,
      MeterRegistry meters) {
    this(
        settings,
        grace,
        database,
        space,
        objects,
        extractor,
        chunking,
        embedder,
        null,
        meters,
        Tracing.off());
  }

  /**
   * @param grace how long closing waits for what is at work
   * @param media null where no model reads images and recordings
   */
  public Processor(
      IngestSettings settings,
      Duration grace,
      Database database,
      ActiveSpace space,
      ObjectStore objects,
      Extractor extractor,
      Chunking chunking,
      TextEmbedder embedder,
      @Nullable MediaModels media,
      MeterRegistry meters,
      Tracing tracing) {
    Workshop workshop =
        Workshop.of(
            settings,
            database.gate(),
            database,
            space,
            objects,
            extractor,
            chunking,
            embedder,
            media,
            meters,
            tracing);
    Sweeper sweeper = workshop.sweeper();
    this.database = database;
    this.grace = grace;
    this.inFlight = workshop.inFlight();
    this.deliveries = workshop.deliveries();
    this.loadEvents = inFlight::recordLoad;
    FlightRecorder.addPeriodicEvent(LoadEvent.class, loadEvents);
    this.timing = Upkeep.start("deadlines", Deadlines.TICK, workshop.deadlines()::look);
    this.renewing =
        Upkeep.start(
            "leases",
            settings.renewInterval(),
            () -> {
              Set<Claim> claims = inFlight.claims();
              database.execute("leases.renew", db -> Jobs.renew(db, claims, settings.lease()));
            });
    this.sweeping = Upkeep.start("sweeper", settings.sweepInterval(), sweeper::sweep);
    this.expiring = Upkeep.start("retention", EXPIRE_INTERVAL, sweeper::expire);
    this.looking =
        Upkeep.start("queue", settings.sweepInterval(), new QueueMeters(database, meters)::look);
  }

  /** Where events are delivered. */
  public Deliveries deliveries() {
    return deliveries;
  }

  /** Whether no event is at work at this moment. */
  boolean atRest() {
    return inFlight.isIdle();
  }

  /** Drains; deliveries must have been stopped before. */
  @Override
  public void close() {
    sweeping.close();
    expiring.close();
    looking.close();
    try {
      if (!inFlight.awaitIdle(grace)) {
        inFlight.claims().forEach(this::handBack);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      renewing.close();
      timing.close();
      FlightRecorder.removePeriodicEvent(loadEvents);
    }
  }

  private void handBack(Claim claim) {
    LOG.info("{} did not finish in {}: its lease is given back", claim.object().path(), grace);
    try {
      database.execute("leases.hand-back", db -> Jobs.handBack(db, claim));
      JobTransitionEvent.commit(EventWork.claimed(claim).trail(), JobStatus.RETRY_PENDING);
    } catch (RuntimeException e) {
      // The others must get theirs back all the same; this one's runs out.
      LOG.warn("the lease could not be given back: {}", Failures.of(e).reason());
    }
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.db.BuildConnection;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.SegmentIndexes.State;
import dev.ragprocessor.store.SegmentPlan;
import dev.ragprocessor.store.SegmentPlan.Step;
import dev.ragprocessor.store.SegmentStatements;
import dev.ragprocessor.store.Spaces;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals segments that are full, and builds, merges and drops their indexes, beside all other work:
 * one step after another, in one process at a time, on a connection that it has for as long as
 * there is something to do. Whatever was begun and not ended, here or in a process that is gone, is
 * found in the catalog and begun anew. What searches find never depends on it, only how fast.
 *
 * <p>As long as somebody's index over all rows is there, nothing is built: each row is in that.
 */
public final class Sealer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);
  private static final int MOST_TOLD = 100_000;

  private final Scopes database;
  private final DatabaseSettings direct;
  private final ActiveSpace space;
  private final SegmentSettings settings;
  private final SegmentPlan plan;
  private final SegmentMeters meters;
  private final Upkeep sealing;
  private final Upkeep building;
  private volatile boolean closing;
  private volatile @Nullable BuildConnection turn;
  private volatile long lastStored = System.nanoTime(); // when a look last saw that there is more
  private volatile boolean flooded; // whether the last look saw a whole segment more
  private long known; // these two by the sealing thread only
  private boolean wholeTold;

  /**
   * It is at work from now on.
   *
   * @param database for looking, and for sealing
   * @param direct where the database is without a transaction pooler; for building
   */
  public Sealer(
      Scopes database,
      DatabaseSettings direct,
      ActiveSpace space,
      SegmentSettings settings,
      MeterRegistry registry) {
    this.database = database;
    this.direct = direct;
    this.space = space;
    this.settings = settings;
    this.plan =
        SegmentPlan.of(
            settings.rows(),
            settings.buildMemory(),
            space.space().dimensions(),
            settings.precision());
    this.meters = new SegmentMeters(registry);
    this.sealing = Upkeep.start("sealing", settings.interval(), this::seal);
    this.building = Upkeep.start("segments", settings.interval(), this::build);
  }

  /** Looks, and opens the next segment where the open one is full; any number of processes may. */
  private void seal() {
    try {
      State state = database.execute("segments.look", this::look);
      if (state.whole().isPresent()) {
        tell(state.whole().get());
      } else if (state.openRows() >= plan.full(state)) {
        database.execute("segments.seal", SegmentIndexes::seal);
      }
    } catch (RuntimeException e) {
      meters.sawNothing();
      throw e;
    }
  }

  private State look(Scope db) {
    int full = plan.full(SegmentIndexes.look(db, space, 0));
    State state = SegmentIndexes.look(db, space, full);
    meters.saw(state, SegmentIndexes.unindexed(db, space, state, MOST_TOLD));
    // Both only grow, but for deletes.
    long now = state.open() * full + state.openRows();
    flooded = now - known >= full;
    if (now != known) {
      known = now;
      lastStored = System.nanoTime();
    }
    return state;
  }

  private void tell(String index) {
    if (!wholeTold) {
      LOG.warn(
          "The index {} is over all rows, so that segments get none and each stored vector pays for"
              + " it: rag-processor index drop-whole goes over to segments, index.kind = whole"
              + " stays with it",
          index);
      wholeTold = true;
    }
  }

  /** Builds as long as there is something to build, if no other process is at it. */
  private void build() {
    if (!database.<Boolean, RuntimeException>execute("segments.due", this::isDue)) {
      return;
    }
    Optional<BuildConnection> own =
        BuildConnection.inTurn(direct, SegmentIndexes.WORK, settings.sessionParameters());
    if (own.isEmpty()) {
      return;
    }
    try (BuildConnection connection = own.get()) {
      turn = connection;
      while (!closing && step(connection)) {
        LOG.debug("one step done");
      }
    } catch (DatabaseConnectionException e) {
      if (!closing) {
        throw e;
      }
      LOG.info("an index that was being built is left to another process, or the next start");
    } finally {
      turn = null;
    }
  }

  private boolean isDue(Scope db) {
    return Spaces.isActive(db, space)
        && (!SegmentStatements.prepare(db, space).isEmpty() || next(db).isPresent());
  }

  private Optional<Step> next(Scope db) {
    State state = SegmentIndexes.look(db, space, 0);
    if (state.whole().isPresent()) {
      return Optional.empty();
    }
    Optional<Step> due = plan.next(state, flooded, gap -> SegmentIndexes.rows(db, space, gap));
    return due.isEmpty() && isAtRest() ? plan.atRest(state) : due;
  }

  private boolean isAtRest() {
    return System.nanoTime() - lastStored > settings.rest().toNanos();
  }

  /** One step, as it is due now that it is our turn; false when there is none. */
  private boolean step(BuildConnection connection) {
    List<String> first =
        database.execute("segments.prepare", db -> SegmentStatements.prepare(db, space));
    if (!first.isEmpty()) {
      first.forEach(connection::run);
      return true;
    }
    Optional<Step> next = database.execute("segments.plan", this::next);
    switch (next.orElse(null)) {
      case null -> {}
      case Step.Drop(String index) -> connection.run(SegmentStatements.drop(index));
      case Step.Build build -> build(connection, build);
    }
    return next.isPresent();
  }

  private void build(BuildConnection connection, Step.Build step) {
    SegmentBuildEvent event = new SegmentBuildEvent();
    event.first = step.segment().first();
    event.last = step.segment().last();
    event.rows = step.segment().rows();
    event.merges = step.merges();
    event.begin();
    long begun = System.nanoTime();
    try {
      connection.run(
          SegmentStatements.create(space, step.segment(), step.options(), settings.precision()));
      event.built = true;
      meters.built(step.merges(), Duration.ofNanos(System.nanoTime() - begun));
      connection.run(SegmentStatements.analyze(space));
      if (step.isLarge()) {
        connection.run(SegmentStatements.ANALYZE_TENANTS); // it takes too long for each small one
      }
    } finally {
      event.commit();
    }
  }

  /** Ends at once; an index that is not built by then is begun anew by the next. */
  @Override
  public void close() {
    closing = true;
    sealing.close();
    BuildConnection running = turn;
    if (running != null) {
      running.cancel();
    }
    building.close();
  }
}

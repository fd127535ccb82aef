package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseFailure;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.telemetry.Tracing;
import dev.ragprocessor.testing.FragileWire;
import dev.ragprocessor.testing.MemoryBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The room as one process has it, over a pool and a wire of its own, but with nothing that runs by
 * itself: it renews no lease and sweeps when it is told to.
 */
final class Replica implements AutoCloseable {
  private final FragileWire wire;
  private final Database database;
  private final ActiveSpace space;
  private final CountingEmbedder embedder;
  private final IngestSettings settings;
  private final List<InFlight> atWork = new ArrayList<>();
  private final List<Deadlines> deadlines = new CopyOnWriteArrayList<>();
  private final Upkeep timing =
      Upkeep.start("deadlines", Deadlines.TICK, () -> deadlines.forEach(Deadlines::look));
  private MemoryBucket bucket = new MemoryBucket();
  private MortalScopes.Life life = new MortalScopes.Life();
  private Deliveries deliveries;
  private Sweeper sweeper;

  /**
   * @param budget how long a delivery waits for its event
   */
  Replica(String databaseUrl, Duration budget, CountingEmbedder embedder) throws IOException {
    this.wire = new FragileWire(databaseUrl);
    DatabaseSettings direct = DatabaseSettings.of(wire.through(databaseUrl));
    this.database = Database.open(direct.pool(direct.pool().size(4)), new SimpleMeterRegistry());
    this.embedder = embedder;
    this.space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    this.settings =
        IngestRig.settings(
            draft -> {
              draft.answerBudgetMillis = budget.toMillis();
              draft.maxAttempts = 100;
              draft.firstRetryMillis = 3_600_000;
            });
    start();
  }

  /** Starts over another bucket. */
  void start(MemoryBucket other) {
    life.end();
    bucket = other;
    start();
  }

  /** Starts as a new process does, that knows nothing. */
  private void start() {
    life = new MortalScopes.Life();
    Workshop workshop =
        Workshop.of(
            settings,
            new MortalScopes(database.gate(), life),
            new MortalScopes(database, life),
            space,
            bucket,
            new Extractor(ExtractionSettings.DEFAULT),
            IngestRig.chunking(),
            embedder,
            new SimpleMeterRegistry(),
            Tracing.off());
    atWork.add(workshop.inFlight());
    deadlines.add(workshop.deadlines());
    deliveries = workshop.deliveries();
    sweeper = workshop.sweeper();
  }

  /** Whether a delivery waits for its event at all. */
  boolean isPatient() {
    return settings.answerBudget().isPositive();
  }

  /** How many events are at work, those included that were left to themselves. */
  int atWork() {
    return atWork.stream().mapToInt(events -> settings.maxInFlight() - events.free()).sum();
  }

  /** Promises where a living process takes deliveries. */
  Deliveries deliveries() {
    resurrect();
    return deliveries;
  }

  /** Kills the process with its so manieth scope from now; the next use finds another. */
  void killAt(int scope, boolean stored) {
    life.endWith(scope, stored);
  }

  /** Lets it live. */
  void spare() {
    life.endWith(0, false);
  }

  private void resurrect() {
    if (life.isOver()) {
      start();
    }
  }

  FragileWire wire() {
    return wire;
  }

  Database database() {
    return database;
  }

  /** Takes up what is due; a failure of the database is one that the next sweep makes good. */
  void sweep() {
    resurrect();
    try {
      sweeper.sweep();
    } catch (MortalScopes.KilledError e) {
      assertThat(life.isOver()).isTrue();
    } catch (RuntimeException e) {
      if (DatabaseFailure.in(e).isEmpty()) {
        throw e;
      }
    }
  }

  /** Promises what a comparison finds; empty when the database or the process failed meanwhile. */
  Optional<Differences> compare(String bucketName) {
    resurrect();
    try {
      return Optional.of(
          Differences.of(
              new Comparison(settings, new MortalScopes(database, life), bucket),
              bucket,
              bucketName));
    } catch (MortalScopes.KilledError e) {
      assertThat(life.isOver()).isTrue();
    } catch (RuntimeException e) {
      if (DatabaseFailure.in(e).isEmpty()) {
        throw e;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    timing.close();
    database.close();
    wire.close();
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.Jobs;
import dev.ragprocessor.store.QueueState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How many jobs there are to do, of all replicas together, as it was when it was last looked at:
 * reading the meters asks no database. Where that did not answer they are no number. Safe for use
 * by many threads.
 */
final class QueueMeters {
  private final Scopes database;
  private volatile Optional<QueueState> seen = Optional.empty();

  QueueMeters(Scopes database, MeterRegistry meters) {
    this.database = database;
    count(meters, JobStatus.PROCESSING, QueueState::processing);
    count(meters, JobStatus.RETRY_PENDING, QueueState::waiting);
    Gauge.builder("rag.jobs.due", () -> figure(state -> (double) state.due()))
        .description("Jobs that are due and that nobody is at, of all replicas together")
        .register(meters);
    age(
        meters,
        "rag.jobs.oldest.age",
        "How long ago the work on the oldest job began that has not ended",
        QueueState::oldest);
    age(
        meters,
        "rag.jobs.overdue",
        "For how long a job has been due that nobody has taken up",
        QueueState::overdue);
  }

  /** Looks. */
  void look() {
    try {
      seen = Optional.of(database.execute("queue.look", Jobs::queue));
    } catch (RuntimeException failure) {
      seen = Optional.empty();
      throw failure;
    }
  }

  private void count(MeterRegistry meters, JobStatus status, ToLongFunction<QueueState> count) {
    Gauge.builder("rag.jobs", () -> figure(state -> (double) count.applyAsLong(state)))
        .description("Jobs that have not ended, of all replicas together")
        .tag("status", status.label())
        .register(meters);
  }

  private void age(
      MeterRegistry meters, String name, String what, Function<QueueState, Duration> age) {
    Gauge.builder(name, () -> figure(state -> age.apply(state).toMillis() / 1e3))
        .description(what)
        .baseUnit("seconds")
        .register(meters);
  }

  private double figure(Function<QueueState, Double> figure) {
    return seen.map(figure).orElse(Double.NaN);
  }
}

package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.ingest.Deliveries;
import dev.ragprocessor.ingest.Failure;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Question;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Views;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Supplier;

/** The product in this process. It borrows its parts; whoever composed them closes them. */
record OwnInstance(Database database, Supplier<Search> search, Supplier<Deliveries> deliveries)
    implements Instance {
  @Override
  public List<Found> search(TenantId tenant, String question, int limit) {
    PassageSearch.Filter own = new PassageSearch.Filter(tenant, List.of(), null, null, null);
    return search.get().ask(new Question(question, own, limit, -1)).stream()
        .map(
            hit ->
                new Found(hit.object(), Places.of(hit.metadata()), hit.similarity(), hit.content()))
        .toList();
  }

  @Override
  public List<JobLine> jobs(TenantId tenant, int limit) {
    return database.execute("cli.jobs", db -> Views.jobs(db, tenant, null, null, limit)).stream()
        .map(OwnInstance::line)
        .toList();
  }

  /** Promises the job as it is now. */
  JobLine job(UUID id) {
    return database
        .execute("cli.job", db -> Views.job(db, id))
        .map(OwnInstance::line)
        .orElseThrow(() -> new NoSuchElementException("There is no job " + id));
  }

  /** Delivers that this object is there; blocks until the event is answered. */
  Delivered deliver(ObjectAttributes object) {
    EventId id =
        new EventId(
            "//storage.googleapis.com/projects/_/buckets/" + object.object().bucket(),
            "ingest-" + UUID.randomUUID());
    Outcome outcome = deliveries.get().deliver(new StorageEvent.Finalized(id, object));
    return switch (outcome) {
      case Outcome.Processed _,
          Outcome.Deleted _,
          Outcome.Duplicate _,
          Outcome.Superseded _,
          Outcome.Ignored _ ->
          new Delivered.Done();
      case Outcome.Accepted(UUID jobId) -> new Delivered.Working(jobId);
      case Outcome.Rejected(String reason) -> new Delivered.Rejected(reason);
      case Outcome.NotTaken(Failure failure) ->
          new Delivered.NotTaken(failure.reason(), pause(failure));
    };
  }

  private static Duration pause(Failure failure) {
    return switch (failure) {
      case Failure.Saturated(_, Duration retryAfter) -> retryAfter;
      case Failure.Retryable(_, Duration retryAfter) -> retryAfter;
      case Failure.Misconfigured _, Failure.Permanent _ -> Duration.ofSeconds(5);
    };
  }

  private static JobLine line(JobView job) {
    return new JobLine(
        job.id(),
        job.object(),
        job.status().label(),
        job.stage(),
        job.error() == null ? "" : job.error());
  }
}

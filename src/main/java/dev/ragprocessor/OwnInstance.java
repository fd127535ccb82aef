package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.ingest.Decision;
import dev.ragprocessor.ingest.Deliveries;
import dev.ragprocessor.ingest.Failure;
import dev.ragprocessor.ingest.Operator;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Answer;
import dev.ragprocessor.search.Question;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Views;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The product in this process. It borrows its parts; whoever composed them closes them. */
record OwnInstance(Database database, Supplier<Search> search, Supplier<Deliveries> deliveries)
    implements Instance {
  private static final int MAX_ATTEMPTS = 100;

  @Override
  public Answered search(TenantId tenant, String question, int limit) {
    PassageSearch.Filter own = new PassageSearch.Filter(tenant, List.of(), null, null, null);
    Answer answer = search.get().ask(new Question(question, own, limit, -1));
    return new Answered(answer.found().stream().map(OwnInstance::found).toList(), answer.note());
  }

  private static Found found(dev.ragprocessor.search.Found found) {
    PassageSearch.Hit hit = found.hit();
    return new Found(hit.object(), Places.of(hit.metadata()), found.score(), hit.content());
  }

  @Override
  public List<JobView> jobs(
      TenantId tenant, @Nullable JobStatus status, @Nullable String object, int limit) {
    return database.execute("cli.jobs", db -> Views.jobs(db, tenant, status, object, limit));
  }

  @Override
  public Optional<JobHistory> job(TenantId tenant, UUID id) {
    return database.execute(
        "cli.job",
        db ->
            Views.job(db, id)
                .filter(job -> job.tenant().equals(tenant))
                .map(job -> new JobHistory(job, Views.attempts(db, id, MAX_ATTEMPTS))));
  }

  @Override
  public DocumentPage documents(DocumentPage.Query wanted) {
    return database.execute("cli.documents", db -> Views.documents(db, wanted));
  }

  @Override
  public Optional<DocumentView> document(TenantId tenant, UUID id) {
    return database
        .execute("cli.document", db -> Views.document(db, id))
        .filter(document -> document.tenant().equals(tenant));
  }

  @Override
  public Decision<UUID> retry(TenantId tenant, UUID job) {
    return operator().retry(tenant, job).map(JobView::id);
  }

  @Override
  public Decision<UUID> cancel(TenantId tenant, UUID job) {
    return operator().cancel(tenant, job).map(JobView::id);
  }

  @Override
  public Decision<UUID> reprocess(TenantId tenant, UUID document) {
    return operator().reprocess(tenant, document).map(JobView::id);
  }

  @Override
  public Decision<UUID> delete(TenantId tenant, UUID document) {
    return operator().delete(tenant, document).map(DocumentView::id);
  }

  private Operator operator() {
    return new Operator(database);
  }

  /** Promises anybody's job as it is now; empty when its object has gone meanwhile. */
  Optional<JobLine> job(UUID id) {
    return database.execute("cli.job", db -> Views.job(db, id)).map(JobLine::of);
  }

  /** Delivers that this object is there; blocks until the event is answered. */
  Delivered deliver(ObjectAttributes object) {
    return deliver(new StorageEvent.Finalized(eventAbout(object.object()), object));
  }

  /** Delivers that this generation of an object is gone; blocks until the event is answered. */
  Delivered deliverGone(ObjectId object) {
    return deliver(new StorageEvent.Deleted(eventAbout(object), ObjectAttributes.ofName(object)));
  }

  private static EventId eventAbout(ObjectId object) {
    return new EventId(
        "//storage.googleapis.com/projects/_/buckets/" + object.bucket(),
        "ingest-" + UUID.randomUUID());
  }

  private Delivered deliver(StorageEvent event) {
    Outcome outcome = deliveries.get().deliver(event);
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
}

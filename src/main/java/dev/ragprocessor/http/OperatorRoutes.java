package dev.ragprocessor.http;

import dev.ragprocessor.ingest.Decision;
import dev.ragprocessor.ingest.Operator;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people change: {@code POST /jobs/{id}/retry}, {@code POST /jobs/{id}/cancel}, {@code DELETE
 * /documents/{id}}, {@code POST /documents/{id}/reprocess}. To be registered before the routes that
 * show the same things. What the state does not allow is 409 with the reason; what is another
 * tenant's is not there (404).
 */
final class OperatorRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRoutes.class);

  private final Admission admission;
  private final Operator operator;

  OperatorRoutes(Admission admission, Operator operator) {
    this.admission = admission;
    this.operator = operator;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post("/jobs/{id}/retry", this::retry)
        .post("/jobs/{id}/cancel", this::cancel)
        .post("/documents/{id}/reprocess", this::reprocess)
        .delete("/documents/{id}", this::delete);
    for (String path :
        Set.of("/jobs/{id}/retry", "/jobs/{id}/cancel", "/documents/{id}/reprocess")) {
      rules.any(
          path,
          (_, _) -> {
            throw Refusal.with(
                Status.METHOD_NOT_ALLOWED_405, "This is asked for by POST", "Allow", "POST");
          });
    }
  }

  private void retry(ServerRequest request, ServerResponse response) {
    Caller caller = admit(request);
    UUID id = Parameters.id(request);
    JobView job = done(operator.retry(tenant(caller, request), id), "job");
    tell("Made due: job", id, job.object(), caller);
    answer(request, response, Status.ACCEPTED_202, job);
  }

  private void cancel(ServerRequest request, ServerResponse response) {
    Caller caller = admit(request);
    UUID id = Parameters.id(request);
    JobView job = done(operator.cancel(tenant(caller, request), id), "job");
    tell("Cancelled: job", id, job.object(), caller);
    answer(request, response, Status.OK_200, job);
  }

  private void reprocess(ServerRequest request, ServerResponse response) {
    Caller caller = admit(request);
    UUID id = Parameters.id(request);
    JobView job = done(operator.reprocess(tenant(caller, request), id), "document");
    tell("To be taken again: document", id, job.object(), caller);
    answer(request, response, Status.ACCEPTED_202, job);
  }

  private void delete(ServerRequest request, ServerResponse response) {
    Caller caller = admit(request);
    UUID id = Parameters.id(request);
    DocumentView document = done(operator.delete(tenant(caller, request), id), "document");
    tell("Deleted: document", id, document.object(), caller);
    Answers.empty(request, response, Status.NO_CONTENT_204);
  }

  private Caller admit(ServerRequest request) {
    ForeignPages.refuse(request);
    return admission.admit(request);
  }

  private static TenantId tenant(Caller caller, ServerRequest request) {
    return Parameters.tenant(caller, request);
  }

  private static <T> T done(Decision<T> decision, String what) {
    return switch (decision) {
      case Decision.Done<T>(T now) -> now;
      case Decision.Unknown<T>() ->
          throw Refusal.at(Status.NOT_FOUND_404, "id", "There is no such " + what);
      case Decision.Refused<T>(String reason) -> throw Refusal.of(Status.CONFLICT_409, reason);
    };
  }

  private static void tell(String what, UUID id, String object, Caller caller) {
    String by =
        switch (caller) {
          case Caller.Anyone() -> "somebody on this machine";
          case Caller.Known(String subject) -> subject;
          case Caller.Member(String subject, TenantId _) -> subject;
        };
    LOG.info("{} {} of {}, by {}", what, id, object, by);
  }

  private static void answer(
      ServerRequest request, ServerResponse response, Status status, JobView job) {
    Answers.content(request, response, status, ApiJson.MEDIA_TYPE, ApiJson.bytes(ApiJson.of(job)));
  }
}

package dev.ragprocessor.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.search.Question;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobAttempt;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Views;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people and their applications ask: {@code POST /search}, {@code GET /jobs}, {@code GET
 * /jobs/{id}}, {@code GET /documents}, {@code GET /documents/{id}}. Everything belongs to a tenant:
 * the token's, or without tokens the one that the request names; what is another tenant's is not
 * there (404).
 */
final class ApiRoutes implements HttpService {
  private static final int DEFAULT_LIMIT = 10;
  private static final int MAX_PAGE = 1_000;
  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_ATTEMPTS = 100;
  private static final Set<String> DOCUMENT_STATUSES =
      Set.of("uploading", "processing", "completed", "error");

  private final Admission admission;
  private final int maxBody;
  private final Scopes database;
  private final Search search;

  ApiRoutes(Admission admission, int maxBody, Scopes database, Search search) {
    this.admission = admission;
    this.maxBody = maxBody;
    this.database = database;
    this.search = search;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post("/search", this::search)
        .any("/search", (_, _) -> refuseMethod("POST"))
        .get("/jobs", this::jobs)
        .any("/jobs", (_, _) -> refuseMethod("GET"))
        .get("/jobs/{id}", this::job)
        .any("/jobs/{id}", (_, _) -> refuseMethod("GET"))
        .get("/documents", this::documents)
        .any("/documents", (_, _) -> refuseMethod("GET"))
        .get("/documents/{id}", this::document)
        .any("/documents/{id}", (_, _) -> refuseMethod("GET, DELETE"));
  }

  private static void refuseMethod(String allowed) {
    throw Refusal.with(
        Status.METHOD_NOT_ALLOWED_405, "This is asked for by " + allowed, "Allow", allowed);
  }

  private void search(ServerRequest request, ServerResponse response) {
    Caller caller = admission.admit(request);
    // A web page of anybody's can make a browser post text, but not JSON.
    boolean json =
        request
            .headers()
            .contentType()
            .map(type -> type.mediaType().text())
            .filter(ApiJson.MEDIA_TYPE::equals)
            .isPresent();
    if (!json) {
      throw Refusal.of(
          Status.UNSUPPORTED_MEDIA_TYPE_415, "The question must be " + ApiJson.MEDIA_TYPE);
    }
    Question question = question(caller, RequestBody.read(request, maxBody));
    answer(request, response, ApiJson.of(search.ask(question)));
  }

  private static Question question(Caller caller, byte[] body) {
    Fields fields =
        Fields.parse(body, Set.of("tenant", "query", "limit", "threshold", "kinds", "filters"));
    TenantId tenant = Parameters.tenant(caller, fields.text("tenant"));
    String query = fields.text("query");
    if (query == null) {
      throw Fields.invalid("query", "Is required");
    }
    Fields filters = fields.object("filters", Set.of("bucket", "prefix", "document"));
    String bucket = filters.text("bucket");
    String prefix = filters.text("prefix");
    if (prefix != null && bucket == null) {
      throw Fields.invalid("filters.bucket", "A prefix needs its bucket");
    }
    List<FileCategory> kinds = fields.texts("kinds").stream().map(ApiRoutes::kind).toList();
    return new Question(
        query,
        new PassageSearch.Filter(tenant, kinds, bucket, prefix, filters.uuid("document")),
        fields.integer("limit", 1, Question.MAX_LIMIT, DEFAULT_LIMIT),
        fields.number("threshold", -1, 1, -1));
  }

  private static FileCategory kind(String label) {
    for (FileCategory category : FileCategory.values()) {
      if (category.label().equals(label)) {
        return category;
      }
    }
    throw Fields.invalid("kinds", "Must be some of documents, images, videos, audio");
  }

  private void jobs(ServerRequest request, ServerResponse response) {
    TenantId tenant = Parameters.tenant(admission.admit(request), request);
    JobStatus status = status(Parameters.text(request, "status"));
    String object = Parameters.text(request, "object");
    int limit = Parameters.limit(request, MAX_PAGE, DEFAULT_PAGE);
    List<JobView> jobs = database.execute(db -> Views.jobs(db, tenant, status, object, limit));
    answer(request, response, ApiJson.list("jobs", jobs, ApiJson::of));
  }

  private void job(ServerRequest request, ServerResponse response) {
    TenantId tenant = Parameters.tenant(admission.admit(request), request);
    UUID id = Parameters.id(request);
    JobView job =
        database
            .execute(db -> Views.job(db, id))
            .filter(found -> found.tenant().equals(tenant))
            .orElseThrow(() -> Refusal.at(Status.NOT_FOUND_404, "id", "There is no such job"));
    List<JobAttempt> attempts = database.execute(db -> Views.attempts(db, id, MAX_ATTEMPTS));
    answer(request, response, ApiJson.of(job, attempts));
  }

  private void documents(ServerRequest request, ServerResponse response) {
    TenantId tenant = Parameters.tenant(admission.admit(request), request);
    String status = Parameters.text(request, "status");
    if (status != null && !DOCUMENT_STATUSES.contains(status)) {
      throw Fields.invalid("status", "Is no status of a document");
    }
    String prefix = Parameters.text(request, "prefix");
    DocumentPage.Query wanted =
        new DocumentPage.Query(
            tenant,
            status,
            Parameters.text(request, "object"),
            prefix == null ? "" : prefix,
            Parameters.after(request),
            Parameters.limit(request, MAX_PAGE, DEFAULT_PAGE));
    DocumentPage page = database.execute(db -> Views.documents(db, wanted));
    answer(request, response, ApiJson.of(page));
  }

  private void document(ServerRequest request, ServerResponse response) {
    TenantId tenant = Parameters.tenant(admission.admit(request), request);
    UUID id = Parameters.id(request);
    DocumentView document =
        database
            .execute(db -> Views.document(db, id))
            .filter(found -> found.tenant().equals(tenant))
            .orElseThrow(() -> Refusal.at(Status.NOT_FOUND_404, "id", "There is no such document"));
    answer(request, response, ApiJson.of(document));
  }

  private static @Nullable JobStatus status(@Nullable String label) {
    if (label == null) {
      return null;
    }
    for (JobStatus status : JobStatus.values()) {
      if (status.label().equals(label)) {
        return status;
      }
    }
    throw Fields.invalid("status", "Is no status of a job");
  }

  private static void answer(ServerRequest request, ServerResponse response, ObjectNode json) {
    Answers.content(request, response, Status.OK_200, ApiJson.MEDIA_TYPE, ApiJson.bytes(json));
  }
}

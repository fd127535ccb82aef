package dev.ragprocessor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.ingest.Decision;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The product in another process, asked over HTTP: one that was named, or the one of this machine
 * that the private PostgreSQL belongs to.
 */
final class OtherInstance implements Instance {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<Integer> OK = Set.of(200);
  private static final Set<Integer> OK_OR_MISSING = Set.of(200, 404);
  private static final Set<Integer> DECIDED = Set.of(200, 202, 204, 404, 409);

  private final ServiceClient service;

  OtherInstance(URI address) {
    this(address, "");
  }

  /**
   * @param token that says who asks; empty for none
   */
  OtherInstance(URI address, String token) {
    this.service = new ServiceClient(address, token);
  }

  /** Promises whether a server is ready behind this admin address. */
  static boolean answers(URI admin) {
    return ServiceClient.isReady(admin);
  }

  @Override
  public Answered search(TenantId tenant, String question, int limit) {
    String body =
        JSON.createObjectNode()
            .put("tenant", tenant.toString())
            .put("query", question)
            .put("limit", limit)
            .toString();
    JsonNode answer = service.ask("POST", "search", OK, body).body();
    List<Found> found = new ArrayList<>();
    for (JsonNode hit : answer.path("results")) {
      found.add(
          new Found(
              hit.path("object").asText(),
              Places.of(hit.path("metadata")),
              hit.path("score").asDouble(),
              hit.path("content").asText()));
    }
    return new Answered(found, answer.path("note").asText(""));
  }

  @Override
  public List<JobView> jobs(
      TenantId tenant, @Nullable JobStatus status, @Nullable String object, int limit) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tenant", tenant.toString());
    parameters.put("status", status == null ? "" : status.label());
    parameters.put("object", object == null ? "" : object);
    parameters.put("limit", Integer.toString(limit));
    List<JobView> jobs = new ArrayList<>();
    String path = ServiceClient.path("jobs", parameters);
    for (JsonNode job : service.ask("GET", path, OK, "").body().path("jobs")) {
      jobs.add(ApiReader.job(job));
    }
    return jobs;
  }

  @Override
  public Optional<JobHistory> job(TenantId tenant, UUID id) {
    return found("jobs/" + id, tenant)
        .map(job -> new JobHistory(ApiReader.job(job), ApiReader.attempts(job)));
  }

  @Override
  public DocumentPage documents(DocumentPage.Query wanted) {
    DocumentPage.Position after = wanted.after();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tenant", wanted.tenant().toString());
    parameters.put("status", wanted.status() == null ? "" : wanted.status());
    parameters.put("object", wanted.object() == null ? "" : wanted.object());
    parameters.put("prefix", wanted.prefix());
    parameters.put("after", after == null ? "" : after.token());
    parameters.put("limit", Integer.toString(wanted.limit()));
    String path = ServiceClient.path("documents", parameters);
    return ApiReader.documents(service.ask("GET", path, OK, "").body());
  }

  @Override
  public Optional<DocumentView> document(TenantId tenant, UUID id) {
    return found("documents/" + id, tenant).map(ApiReader::document);
  }

  @Override
  public Decision<UUID> retry(TenantId tenant, UUID job) {
    return decided("POST", "jobs/" + job + "/retry", tenant, job);
  }

  @Override
  public Decision<UUID> cancel(TenantId tenant, UUID job) {
    return decided("POST", "jobs/" + job + "/cancel", tenant, job);
  }

  @Override
  public Decision<UUID> reprocess(TenantId tenant, UUID document) {
    return decided("POST", "documents/" + document + "/reprocess", tenant, document);
  }

  @Override
  public Decision<UUID> delete(TenantId tenant, UUID document) {
    return decided("DELETE", "documents/" + document, tenant, document);
  }

  private Optional<JsonNode> found(String path, TenantId tenant) {
    ServiceClient.Answer answer = service.ask("GET", about(path, tenant), OK_OR_MISSING, "");
    return answer.status() == 404 ? Optional.empty() : Optional.of(answer.body());
  }

  private Decision<UUID> decided(String method, String path, TenantId tenant, UUID subject) {
    ServiceClient.Answer answer = service.ask(method, about(path, tenant), DECIDED, "");
    return switch (answer.status()) {
      case 404 -> new Decision.Unknown<>();
      case 409 -> new Decision.Refused<>(answer.body().path("detail").asText());
      default ->
          new Decision.Done<>(
              answer.body().has("id")
                  ? UUID.fromString(answer.body().path("id").asText())
                  : subject);
    };
  }

  private static String about(String path, TenantId tenant) {
    return ServiceClient.path(path, Map.of("tenant", tenant.toString()));
  }
}

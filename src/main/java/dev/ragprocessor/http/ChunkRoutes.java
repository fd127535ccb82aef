package dev.ragprocessor.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.ChunkPage;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Views;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.UUID;

/**
 * What a document was cut into: {@code GET /documents/{id}/chunks}, in pages, from the beginning or
 * from the chunk of an index on.
 */
final class ChunkRoutes implements HttpService {
  private static final String PATH = "/documents/{id}/chunks";
  private static final int MAX_PAGE = 200;
  private static final int DEFAULT_PAGE = 50;

  private final Admission admission;
  private final Scopes database;

  ChunkRoutes(Admission admission, Scopes database) {
    this.admission = admission;
    this.database = database;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get(PATH, this::chunks)
        .any(
            PATH,
            (_, _) -> {
              throw Refusal.with(
                  Status.METHOD_NOT_ALLOWED_405, "This is asked for by GET", "Allow", "GET");
            });
  }

  private void chunks(ServerRequest request, ServerResponse response) {
    TenantId tenant = Parameters.tenant(admission.admit(request), request);
    UUID id = Parameters.id(request);
    int from = Parameters.integer(request, "from", 0, Integer.MAX_VALUE, 0);
    ChunkPage.Position after = Parameters.afterChunk(request);
    int limit = Parameters.limit(request, MAX_PAGE, DEFAULT_PAGE);
    ChunkPage page =
        database.inTransaction(
            db -> {
              requireOwn(db, tenant, id);
              return after == null
                  ? ChunkPage.from(db, id, from, limit)
                  : ChunkPage.after(db, id, after, limit);
            });
    ObjectNode json = ApiJson.of(page);
    Answers.content(request, response, Status.OK_200, ApiJson.MEDIA_TYPE, ApiJson.bytes(json));
  }

  private static void requireOwn(Scope db, TenantId tenant, UUID id) {
    if (Views.document(db, id).filter(found -> found.tenant().equals(tenant)).isEmpty()) {
      throw Refusal.at(Status.NOT_FOUND_404, "id", "There is no such document");
    }
  }
}

package dev.ragprocessor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.JobAttempt;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what the API of a service shows; what is absent there is not known. */
final class ApiReader {
  private ApiReader() {}

  static JobView job(JsonNode json) {
    return new JobView(
        uuid(json, "id"),
        uuid(json, "documentId"),
        new TenantId(uuid(json, "tenant")),
        json.path("object").asText(),
        json.path("generation").asLong(),
        JobStatus.of(json.path("status").asText()),
        json.path("stage").asText(),
        json.path("retryCount").asInt(),
        text(json, "error"),
        instant(json, "createdAt"),
        instant(json, "updatedAt"),
        instantOrNull(json, "nextAttemptAt"),
        instantOrNull(json, "completedAt"));
  }

  static List<JobAttempt> attempts(JsonNode json) {
    List<JobAttempt> attempts = new ArrayList<>();
    for (JsonNode attempt : json.path("attempts")) {
      attempts.add(
          new JobAttempt(
              attempt.path("generation").asLong(),
              attempt.path("attempt").asInt(),
              attempt.path("outcome").asText(),
              text(attempt, "reason"),
              instant(attempt, "endedAt")));
    }
    return attempts;
  }

  static DocumentPage documents(JsonNode json) {
    List<DocumentView> documents = new ArrayList<>();
    json.path("documents").forEach(document -> documents.add(document(document)));
    String next = text(json, "next");
    return new DocumentPage(documents, next == null ? null : DocumentPage.Position.of(next));
  }

  static DocumentView document(JsonNode json) {
    return new DocumentView(
        uuid(json, "id"),
        new TenantId(uuid(json, "tenant")),
        json.path("object").asText(),
        json.path("filename").asText(),
        json.path("generation").asLong(),
        json.path("status").asText(),
        json.path("mediaType").asText(),
        FileCategory.of(json.path("kind").asText()),
        json.path("size").asLong(),
        json.path("chunkCount").asInt(),
        text(json, "error"),
        instant(json, "createdAt"),
        instant(json, "updatedAt"),
        instantOrNull(json, "processedAt"));
  }

  private static UUID uuid(JsonNode json, String name) {
    return UUID.fromString(json.path(name).asText());
  }

  private static Instant instant(JsonNode json, String name) {
    return Instant.parse(json.path(name).asText());
  }

  private static @Nullable Instant instantOrNull(JsonNode json, String name) {
    return json.hasNonNull(name) ? instant(json, name) : null;
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.hasNonNull(name) ? json.path(name).asText() : null;
  }
}

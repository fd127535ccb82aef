package dev.ragprocessor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.search.Answer;
import dev.ragprocessor.search.Found;
import dev.ragprocessor.store.ChunkPage;
import dev.ragprocessor.store.ChunkView;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.JobAttempt;
import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.PassageSearch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the API shows, as JSON in camelCase; times in RFC 3339, UTC; generations as strings, since
 * JavaScript's numbers do not hold them. What is not known is absent.
 */
final class ApiJson {
  static final String MEDIA_TYPE = "application/json";

  private static final JsonMapper MAPPER = Json.mapper().build();

  private ApiJson() {}

  static ObjectNode of(JobView job) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("id", job.id().toString())
            .put("documentId", job.documentId().toString())
            .put("tenant", job.tenant().toString())
            .put("object", job.object())
            .put("generation", Long.toString(job.generation()))
            .put("status", job.status().label())
            .put("stage", job.stage())
            .put("retryCount", job.retryCount());
    put(json, "error", job.error());
    put(json, "createdAt", job.createdAt());
    put(json, "updatedAt", job.updatedAt());
    put(json, "nextAttemptAt", job.nextAttemptAt());
    put(json, "completedAt", job.completedAt());
    return json;
  }

  /** Promises the job with its history, the newest first. */
  static ObjectNode of(JobView job, List<JobAttempt> attempts) {
    ObjectNode json = of(job);
    ArrayNode array = json.putArray("attempts");
    attempts.forEach(attempt -> array.add(of(attempt)));
    return json;
  }

  private static ObjectNode of(JobAttempt attempt) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("generation", Long.toString(attempt.generation()))
            .put("attempt", attempt.attempt())
            .put("outcome", attempt.outcome());
    put(json, "reason", attempt.reason());
    put(json, "endedAt", attempt.endedAt());
    return json;
  }

  /** Promises a page, with {@code next} when there is one after it. */
  static ObjectNode of(DocumentPage page) {
    ObjectNode json = list("documents", page.documents(), ApiJson::of);
    DocumentPage.Position next = page.next();
    if (next != null) {
      json.put("next", next.token());
    }
    return json;
  }

  static ObjectNode of(DocumentView document) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("id", document.id().toString())
            .put("tenant", document.tenant().toString())
            .put("object", document.object())
            .put("filename", document.filename())
            .put("generation", Long.toString(document.generation()))
            .put("status", document.status())
            .put("mediaType", document.mediaType())
            .put("kind", document.category().label())
            .put("size", document.size())
            .put("chunkCount", document.chunkCount());
    put(json, "error", document.error());
    put(json, "createdAt", document.createdAt());
    put(json, "updatedAt", document.updatedAt());
    put(json, "processedAt", document.processedAt());
    return json;
  }

  /** Promises what was found, with {@code note} where not all was searched. */
  static ObjectNode of(Answer answer) {
    ObjectNode json = list("results", answer.found(), ApiJson::of);
    if (!answer.note().isEmpty()) {
      json.put("note", answer.note());
    }
    return json;
  }

  /** Promises a page, with {@code next} when there is one after it. */
  static ObjectNode of(ChunkPage page) {
    ObjectNode json = list("chunks", page.chunks(), ApiJson::of);
    ChunkPage.Position next = page.next();
    if (next != null) {
      json.put("next", next.token());
    }
    return json;
  }

  private static ObjectNode of(ChunkView chunk) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("id", chunk.id().toString())
            .put("index", chunk.index())
            .put("content", chunk.content());
    put(json, "context", chunk.context());
    json.set("metadata", parsed(chunk.metadata()));
    return json;
  }

  static ObjectNode of(Found found) {
    PassageSearch.Hit hit = found.hit();
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("score", found.score())
            .put("content", hit.content())
            .put("documentId", hit.documentId().toString())
            .put("chunkId", hit.chunkId().toString())
            .put("object", hit.object())
            .put("filename", hit.filename())
            .put("kind", hit.category().label());
    JsonNode metadata = parsed(hit.metadata());
    if (metadata.has("start_offset_sec") && metadata.has("end_offset_sec")) {
      ObjectNode range = json.putObject("timeRange");
      range.set("startSeconds", metadata.get("start_offset_sec"));
      range.set("endSeconds", metadata.get("end_offset_sec"));
    }
    ObjectNode rankings = json.putObject("rankings");
    put(rankings, "text", found.byText());
    put(rankings, "multimodal", found.byMedia());
    json.set("metadata", metadata);
    return json;
  }

  private static void put(ObjectNode rankings, String name, Found.@Nullable Ranked ranked) {
    if (ranked != null) {
      rankings.putObject(name).put("rank", ranked.rank()).put("similarity", ranked.similarity());
    }
  }

  static ObjectNode named(String name) {
    return MAPPER.createObjectNode().put("name", name);
  }

  /** Promises where a file is now. */
  static ObjectNode uploaded(ObjectId object, long size) {
    return MAPPER.createObjectNode().put("object", object.path()).put("size", size);
  }

  static ObjectNode identified(String id) {
    return MAPPER.createObjectNode().put("id", id);
  }

  /** Promises how this process is doing. */
  static ObjectNode of(LiveSample sample) {
    PoolState pool = sample.pool();
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("at", sample.at().toString())
            .put("inFlight", sample.inFlight());
    json.putObject("pool")
        .put("size", pool.size())
        .put("permits", pool.permits())
        .put("freePermits", pool.freePermits())
        .put("waiters", pool.waiters())
        .put("active", pool.active())
        .put("idle", pool.idle());
    ObjectNode deliveries = json.putObject("deliveries");
    new TreeMap<>(sample.deliveries()).forEach(deliveries::put);
    return json;
  }

  /** Promises samples in the shortest form: each a row of the numbers that {@code fields} names. */
  static ObjectNode history(List<LiveSample> samples) {
    ObjectNode json = MAPPER.createObjectNode();
    ArrayNode fields = json.putArray("fields");
    List.of("at", "active", "idle", "waiters", "freePermits", "inFlight", "deliveries")
        .forEach(fields::add);
    ArrayNode rows = json.putArray("rows");
    for (LiveSample sample : samples) {
      PoolState pool = sample.pool();
      rows.addArray()
          .add(sample.at().toEpochMilli())
          .add(pool.active())
          .add(pool.idle())
          .add(pool.waiters())
          .add(pool.freePermits())
          .add(sample.inFlight())
          .add(sample.answered());
    }
    return json;
  }

  /** Promises jobs, and how many there are of each status. */
  static ObjectNode jobs(List<JobView> jobs, Map<JobStatus, Long> totals) {
    ObjectNode json = list("jobs", jobs, ApiJson::of);
    ObjectNode counts = json.putObject("totals");
    totals.forEach((status, count) -> counts.put(status.label(), count));
    return json;
  }

  static ObjectNode trouble(String detail) {
    return MAPPER.createObjectNode().put("detail", detail);
  }

  /** Promises a server-sent event; JSON has no line break that would end it early. */
  static byte[] event(String name, ObjectNode data) {
    return ("event: "
            + name
            + "\ndata: "
            + new String(bytes(data), StandardCharsets.UTF_8)
            + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Promises an object with one list. */
  static <T> ObjectNode list(String name, List<T> values, Function<T, ObjectNode> each) {
    ObjectNode json = MAPPER.createObjectNode();
    ArrayNode array = json.putArray(name);
    values.forEach(value -> array.add(each.apply(value)));
    return json;
  }

  static byte[] bytes(ObjectNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("A tree is always written", impossible);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("The database holds jsonb only", impossible);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Instant value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }
}

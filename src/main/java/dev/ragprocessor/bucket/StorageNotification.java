package dev.ragprocessor.bucket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The event that Eventarc delivers for a change of an object: a CloudEvent 1.0 in binary mode, with
 * the headers and the body of Cloud Storage's (google.events.cloud.storage.v1.StorageObjectData,
 * its int64 values as strings). The same change has the same id, however often it is told.
 *
 * @param object at the generation that was made or removed
 * @param time when it happened
 */
public record StorageNotification(Change change, ObjectAttributes object, Instant time) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What happened to the object. */
  public enum Change {
    /** A new generation is there. */
    FINALIZED("google.cloud.storage.object.v1.finalized"),
    /** A generation is gone. */
    DELETED("google.cloud.storage.object.v1.deleted");

    private final String type;

    Change(String type) {
      this.type = type;
    }
  }

  /** Promises the same id for the same change of the same generation, and another for any other. */
  public String id() {
    String change = "%s %d %s".formatted(change(), generation(), object.object().path());
    return UUID.nameUUIDFromBytes(change.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * Promises the HTTP headers. The subject is percent-encoded as the CloudEvents binding demands
   * (Google sends raw UTF-8): a receiver takes the name from the body.
   */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce-specversion", "1.0");
    headers.put("ce-id", id());
    headers.put("ce-source", "//storage.googleapis.com/projects/_/buckets/" + bucketInHeader());
    headers.put("ce-type", change.type);
    headers.put("ce-subject", "objects/" + ObjectName.inHeader(object.object().name()));
    headers.put("ce-time", rfc3339(time.truncatedTo(ChronoUnit.MICROS)));
    headers.put("ce-bucket", bucketInHeader());
    headers.put("content-type", "application/json");
    return headers;
  }

  /** Promises the JSON body in UTF-8. */
  public byte[] body() {
    String bucket = object.object().bucket();
    String name = object.object().name();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "storage#object");
    body.put("id", "%s/%s/%d".formatted(bucket, name, generation()));
    body.put("name", name);
    body.put("bucket", bucket);
    body.put("generation", Long.toString(generation()));
    body.put("metageneration", Long.toString(object.metageneration()));
    body.put("storageClass", "STANDARD");
    body.put("size", Long.toString(object.size()));
    body.put("updated", rfc3339(time.truncatedTo(ChronoUnit.MILLIS)));
    if (change == Change.DELETED) {
      body.put("timeDeleted", rfc3339(time.truncatedTo(ChronoUnit.MILLIS)));
    }
    if (!object.contentType().isEmpty()) {
      body.put("contentType", object.contentType());
    }
    if (!object.crc32c().isEmpty()) {
      body.put("crc32c", object.crc32c());
    }
    if (object.customerEncrypted()) {
      body.put("customerEncryption", Map.of("encryptionAlgorithm", "AES256"));
    }
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings and maps are always JSON", e);
    }
  }

  private long generation() {
    return object.object().generation();
  }

  private String bucketInHeader() {
    return ObjectName.inHeader(object.object().bucket());
  }

  private static String rfc3339(Instant instant) {
    return DateTimeFormatter.ISO_INSTANT.format(instant);
  }
}

package dev.ragprocessor.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.store.ObjectId;
import java.nio.charset.StandardCharsets;

/**
 * The object that an event is about, out of the JSON API's object resource or of a notification's
 * attributes.
 *
 * <p>Only bucket, name and generation are required. A name may hold anything, also what a database
 * cannot store (NUL, half a surrogate pair): what to do about it is not decided here.
 */
final class StorageObject {
  /** Cloud Storage, "Objects: naming": 1 to 1,024 bytes of UTF-8. */
  private static final int MAX_NAME_BYTES = 1_024;

  /** Cloud Storage, "Buckets: naming": 222 with dots; a directory's name may have 255. */
  private static final int MAX_BUCKET_BYTES = 255;

  private StorageObject() {}

  /**
   * Promises the object of an object resource (google.events.cloud.storage.v1.StorageObjectData).
   * Members that are not known are ignored.
   *
   * @param at where the resource stands, for errors, for example {@code data}
   * @throws MalformedEventException naming the member at fault
   */
  static ObjectAttributes ofResource(JsonNode resource, String at) {
    if (!resource.isObject()) {
      throw new MalformedEventException(at, "Must be a JSON object: the object's metadata");
    }
    return new ObjectAttributes(
        object(resource, at, "bucket", "name", "generation"),
        Json.int64(resource, "metageneration", at + ".metageneration", 0),
        Json.text(resource, "contentType", at + ".contentType"),
        Json.int64(resource, "size", at + ".size", ObjectAttributes.UNKNOWN_SIZE),
        Json.text(resource, "crc32c", at + ".crc32c"),
        resource.hasNonNull("customerEncryption"));
  }

  /**
   * Promises what a notification without payload says of its object: which one it is, and no more.
   *
   * @param at where the attributes stand, for errors
   * @throws MalformedEventException naming the attribute at fault
   */
  static ObjectAttributes ofNotification(JsonNode attributes, String at) {
    return ObjectAttributes.ofName(
        object(attributes, at, "bucketId", "objectId", "objectGeneration"));
  }

  private static ObjectId object(
      JsonNode json, String at, String bucketMember, String nameMember, String generationMember) {
    String bucket = required(json, bucketMember, at);
    String name = required(json, nameMember, at);
    long generation = Json.int64(json, generationMember, at + "." + generationMember, 0);
    if (generation == 0) {
      throw new MalformedEventException(
          at + "." + generationMember, "Is required and must be at least 1");
    }
    if (bytes(name) > MAX_NAME_BYTES) {
      throw new MalformedEventException(
          at + "." + nameMember, "An object's name has at most 1,024 bytes");
    }
    if (!isBucket(bucket)) {
      throw new MalformedEventException(at + "." + bucketMember, "Is no bucket's name");
    }
    return new ObjectId(bucket, name, generation);
  }

  /** A slash would let one bucket's path mean another's object. */
  private static boolean isBucket(String bucket) {
    return bytes(bucket) <= MAX_BUCKET_BYTES
        && bucket.indexOf('/') < 0
        && !bucket.equals(".")
        && !bucket.equals("..")
        && bucket.codePoints().noneMatch(AttributeText::forbidden);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String required(JsonNode json, String member, String at) {
    String value = Json.text(json, member, at + "." + member);
    if (value.isEmpty()) {
      throw new MalformedEventException(at + "." + member, "Is required and must not be empty");
    }
    return value;
  }
}

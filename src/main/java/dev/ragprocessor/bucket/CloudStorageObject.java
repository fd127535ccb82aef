package dev.ragprocessor.bucket;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.store.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object resource as the JSON API writes it, as far as it is asked for. Its int64 values are
 * JSON strings.
 *
 * @param customerEncryption there for an object with a customer-supplied key
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record CloudStorageObject(
    @Nullable String name,
    long generation,
    long metageneration,
    @Nullable String contentType,
    long size,
    @Nullable String crc32c,
    @Nullable JsonNode customerEncryption) {
  /** What is asked for, in the syntax of the parameter {@code fields}. */
  static final String FIELDS =
      "name,generation,metageneration,contentType,size,crc32c,customerEncryption";

  ObjectAttributes attributes(String bucket, String defaultName) {
    return new ObjectAttributes(
        new ObjectId(bucket, name == null ? defaultName : name, generation),
        metageneration,
        contentType == null ? "" : contentType,
        size,
        crc32c == null ? "" : crc32c,
        customerEncryption != null && customerEncryption.isObject());
  }

  /** A page of a listing; both members are left out where there is nothing to say. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Listing(@Nullable List<CloudStorageObject> items, @Nullable String nextPageToken) {}
}

package dev.ragprocessor.fleet;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.UUID;

/**
 * Something that happened to an object, as Eventarc tells it.
 *
 * @param id of the event; the same change may be told under two
 * @param type the last word of its CloudEvent's type
 */
record Change(UUID id, String type, String bucket, String name, long generation) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Promises the same change under another id, as an at-least-once source repeats it. */
  Change again() {
    return new Change(UUID.randomUUID(), type, bucket, name, generation);
  }

  HttpRequest delivery(URI address) {
    return HttpRequest.newBuilder(address)
        .timeout(DEADLINE)
        .header("ce-specversion", "1.0")
        .header("ce-id", id.toString())
        .header("ce-source", "//storage.googleapis.com/projects/_/buckets/" + bucket)
        .header("ce-type", "google.cloud.storage.object.v1." + type)
        .header("ce-subject", "objects/" + name)
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                """
                {"bucket": "%s", "name": "%s", "generation": "%d", "metageneration": "1"}"""
                    .formatted(bucket, name, generation)))
        .build();
  }
}

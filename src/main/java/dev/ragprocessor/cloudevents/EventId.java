package dev.ragprocessor.cloudevents;

/**
 * An event's identity: {@code source} and {@code id} together (CloudEvents 1.0.2, section 3.1).
 *
 * @param source for example {@code //storage.googleapis.com/projects/_/buckets/b}
 * @param id unique within the source
 */
public record EventId(String source, String id) {}

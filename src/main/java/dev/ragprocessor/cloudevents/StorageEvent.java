package dev.ragprocessor.cloudevents;

import dev.ragprocessor.bucket.ObjectAttributes;

/** What happened to an object, as Cloud Storage tells it through Eventarc. */
public sealed interface StorageEvent {
  /** Which event this is; the same event may be delivered many times. */
  EventId id();

  /** The object that it happened to, at the generation that it happened to. */
  ObjectAttributes object();

  /** A new object, or a new generation of one. */
  record Finalized(EventId id, ObjectAttributes object) implements StorageEvent {}

  /** A generation was removed for good, by a person, a rule, or an overwrite. */
  record Deleted(EventId id, ObjectAttributes object) implements StorageEvent {}

  /** In a versioned bucket, the live generation became a noncurrent one. */
  record Archived(EventId id, ObjectAttributes object) implements StorageEvent {}

  /** The metadata of a generation changed; its content did not. */
  record MetadataUpdated(EventId id, ObjectAttributes object) implements StorageEvent {}
}

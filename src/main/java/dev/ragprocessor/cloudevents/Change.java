package dev.ragprocessor.cloudevents;

import dev.ragprocessor.bucket.ObjectAttributes;
import java.util.Optional;

/** The ways in which an object changes, under the names that Eventarc and Pub/Sub have for them. */
enum Change {
  FINALIZED("finalized", "OBJECT_FINALIZE"),
  DELETED("deleted", "OBJECT_DELETE"),
  ARCHIVED("archived", "OBJECT_ARCHIVE"),
  METADATA_UPDATED("metadataUpdated", "OBJECT_METADATA_UPDATE");

  private final String eventType;
  private final String notificationType;

  Change(String eventType, String notificationType) {
    this.eventType = "google.cloud.storage.object.v1." + eventType;
    this.notificationType = notificationType;
  }

  /** Promises the change of a CloudEvent's type; empty when the type is not Cloud Storage's. */
  static Optional<Change> ofEvent(String type) {
    for (Change change : values()) {
      if (change.eventType.equals(type)) {
        return Optional.of(change);
      }
    }
    return Optional.empty();
  }

  /** Promises the change of a Pub/Sub notification's {@code eventType}; empty when unknown. */
  static Optional<Change> ofNotification(String type) {
    for (Change change : values()) {
      if (change.notificationType.equals(type)) {
        return Optional.of(change);
      }
    }
    return Optional.empty();
  }

  /** Promises the event, or that it is ignored, as what happens to folder placeholders is. */
  Received happenedTo(EventId id, ObjectAttributes object) {
    if (object.isFolderPlaceholder()) {
      return new Received.Ignored(id, eventType, "A folder placeholder has no content");
    }
    return new Received.Storage(
        switch (this) {
          case FINALIZED -> new StorageEvent.Finalized(id, object);
          case DELETED -> new StorageEvent.Deleted(id, object);
          case ARCHIVED -> new StorageEvent.Archived(id, object);
          case METADATA_UPDATED -> new StorageEvent.MetadataUpdated(id, object);
        });
  }
}

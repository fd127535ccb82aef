package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event on its way, as who delivers it knows it: until it is acknowledged it comes again. */
final class Told {
  private static final Logger LOG = LoggerFactory.getLogger(Told.class);

  private final StorageEvent event;
  private final AtomicBoolean acknowledged = new AtomicBoolean();

  private Told(StorageEvent event) {
    this.event = event;
  }

  static Told finalized(int number, ObjectAttributes object) {
    return new Told(new StorageEvent.Finalized(id(number), object));
  }

  static Told gone(int number, ObjectAttributes object, Step.Farewell farewell) {
    return new Told(
        farewell == Step.Farewell.ARCHIVED
            ? new StorageEvent.Archived(id(number), object)
            : new StorageEvent.Deleted(id(number), object));
  }

  static Told touched(int number, ObjectAttributes object) {
    return new Told(new StorageEvent.MetadataUpdated(id(number), object));
  }

  private static EventId id(int number) {
    return new EventId("//storage.googleapis.com/projects/_/buckets/b", "" + number);
  }

  boolean isAcknowledged() {
    return acknowledged.get();
  }

  /** Nobody delivers it any more. */
  void lose() {
    acknowledged.set(true);
  }

  /** Delivers it once. */
  void deliver(Deliveries deliveries) {
    try {
      if (!(deliveries.deliver(event) instanceof Outcome.NotTaken)) {
        acknowledged.set(true);
      }
    } catch (MortalScopes.KilledError e) {
      LOG.debug("{} was not answered", this, e);
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof MortalScopes.KilledError)) {
        throw e;
      }
    }
  }

  /** The generation that this event tells the end of; 0 when it tells none. */
  long end() {
    return switch (event) {
      case StorageEvent.Deleted(EventId _, ObjectAttributes object) -> object.object().generation();
      case StorageEvent.Archived(EventId _, ObjectAttributes object) ->
          object.object().generation();
      case StorageEvent.Finalized _, StorageEvent.MetadataUpdated _ -> 0;
    };
  }

  String path() {
    return event.object().object().path();
  }

  @Override
  public String toString() {
    return event.getClass().getSimpleName()
        + " "
        + path()
        + "#"
        + event.object().object().generation()
        + (isAcknowledged() ? " acknowledged" : "");
  }
}

package dev.ragprocessor.cloudevents;

/** What one event of a delivery turned out to be. */
public sealed interface Received {
  /**
   * Something happened to an object.
   *
   * @param traceparent what the event says caused it (CloudEvents' distributed tracing extension);
   *     empty when it says nothing, and as it was received, unchecked
   */
  record Storage(StorageEvent event, String traceparent) implements Received {
    /** The same of an event that says nothing of what caused it. */
    public Storage(StorageEvent event) {
      this(event, "");
    }
  }

  /**
   * A well-formed event that is not about an object's content; it needs no work.
   *
   * @param type as the event names it
   * @param reason a sentence for a person
   */
  record Ignored(EventId id, String type, String reason) implements Received {}

  /**
   * One event of a batch is malformed; the others are not to blame. Outside of a batch a malformed
   * event is a {@link MalformedEventException}.
   *
   * @param attribute the attribute or member at fault, for example {@code data.generation}
   * @param detail a sentence for a person
   */
  record Malformed(String attribute, String detail) implements Received {}
}

package dev.ragprocessor.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads deliveries in each of the ways in which Cloud Storage's events arrive: CloudEvents 1.0 over
 * HTTP in binary, structured and batch mode, with storage events or with {@code messagePublished}
 * that carry a storage notification; and plain Pub/Sub pushes, of a notification or of an event
 * that could not be put into headers.
 *
 * <p>The object always comes from the body, never from a header. Stateless and safe for any number
 * of threads; blocks on nothing.
 */
public final class CloudEventReader {
  /**
   * Promises the events of one message: one, or in batch mode any number, in order. One malformed
   * event of a batch is a {@link Received.Malformed}, so that it does not hide the others.
   *
   * @param body the whole body; its length is bounded by the caller
   * @throws MalformedEventException when the message is no event, or a broken one
   * @throws UnsupportedMediaException when it is in a format that is not read
   */
  public List<Received> read(Headers headers, byte[] body) {
    MediaType contentType = contentType(headers);
    if (contentType.isBatch()) {
      contentType.requireFormat("application/cloudevents-batch+json");
      return batch(Json.parse(body, "body"));
    }
    if (contentType.isEventFormat()) {
      contentType.requireFormat("application/cloudevents+json");
      return List.of(received(Envelope.ofJson(Json.parse(body, "body"))));
    }
    if (isBinary(headers)) {
      return List.of(received(Envelope.ofBinary(headers, contentType, body)));
    }
    return List.of(pushed(contentType, body));
  }

  private static MediaType contentType(Headers headers) {
    List<String> values = headers.values("content-type");
    if (values.size() > 1) {
      throw new MalformedEventException("content-type", "The header is there more than once");
    }
    return values.isEmpty() ? MediaType.UNSTATED : MediaType.parse(values.getFirst());
  }

  /** Any of the four tells a broken event, whose error names what is missing, from no event. */
  private static boolean isBinary(Headers headers) {
    return !headers.values("ce-specversion").isEmpty()
        || !headers.values("ce-id").isEmpty()
        || !headers.values("ce-source").isEmpty()
        || !headers.values("ce-type").isEmpty();
  }

  private static List<Received> batch(JsonNode events) {
    if (!events.isArray()) {
      throw new MalformedEventException("body", "A batch must be a JSON array");
    }
    List<Received> all = new ArrayList<>(events.size());
    for (JsonNode event : events) {
      all.add(batched(event));
    }
    return List.copyOf(all);
  }

  private static Received batched(JsonNode event) {
    try {
      return received(Envelope.ofJson(event));
    } catch (MalformedEventException malformed) {
      return new Received.Malformed(malformed.attribute(), malformed.detail());
    } catch (UnsupportedMediaException unsupported) {
      return new Received.Malformed("datacontenttype", unsupported.detail());
    }
  }

  private static Received pushed(MediaType contentType, byte[] body) {
    if (!contentType.name().isEmpty() && !contentType.name().equals("application/json")) {
      throw new UnsupportedMediaException(
          "Neither a CloudEvent (its ce- headers are missing) nor JSON");
    }
    JsonNode json = Json.parse(body, "body");
    if (!PubSubMessage.looksLike(json)) {
      throw new MalformedEventException(
          "id", "The header ce-id is missing, and the body is no Pub/Sub push");
    }
    PubSubMessage message = new PubSubMessage(json);
    Optional<Envelope> event = message.event();
    return event.isPresent() ? received(event.get()) : message.notification(message.id());
  }

  private static Received received(Envelope event) {
    Optional<Change> change = Change.ofEvent(event.type());
    if (change.isPresent()) {
      Received received =
          change.get().happenedTo(event.id(), StorageObject.ofResource(event.data().get(), "data"));
      return received instanceof Received.Storage(StorageEvent storage, _)
          ? new Received.Storage(storage, event.traceparent())
          : received;
    }
    if (event.type().equals(Envelope.MESSAGE_PUBLISHED)) {
      return new PubSubMessage(event.data().get()).notification(event.id());
    }
    return new Received.Ignored(event.id(), event.type(), "This type of event is not processed");
  }
}

package dev.ragprocessor.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;

/**
 * A Pub/Sub message as a push subscription delivers it: {@code {"subscription": …, "message":
 * {"data": base64, "attributes": {…}, "messageId": …}}}.
 */
final class PubSubMessage {
  private static final String ATTRIBUTES = "message.attributes";

  private final String subscription;
  private final JsonNode message;
  private final JsonNode attributes;

  /**
   * @throws MalformedEventException when the body has not the shape of a push
   */
  PubSubMessage(JsonNode body) {
    if (!body.path("message").isObject()) {
      throw new MalformedEventException("message", "Must be there and be an object");
    }
    this.subscription = Json.text(body, "subscription", "subscription");
    this.message = body.path("message");
    JsonNode given = message.path("attributes");
    this.attributes = given.isNull() ? MissingNode.getInstance() : given;
    if (!attributes.isObject() && !attributes.isMissingNode()) {
      throw new MalformedEventException(ATTRIBUTES, "Must be an object");
    }
  }

  /** Promises whether a push has this shape, however broken inside. */
  static boolean looksLike(JsonNode body) {
    return body.path("message").isObject();
  }

  /** Promises the CloudEvent that Eventarc put into the attributes; empty when there is none. */
  Optional<Envelope> event() {
    return attributes.has("ce-specversion") || attributes.has("ce-type") || attributes.has("ce-id")
        ? Optional.of(Envelope.ofMessage(attributes, data()))
        : Optional.empty();
  }

  /**
   * Promises an identity for the message itself.
   *
   * @throws MalformedEventException when it has none
   */
  EventId id() {
    String camelCase = Json.text(message, "messageId", "message.messageId");
    String id =
        camelCase.isEmpty() ? Json.text(message, "message_id", "message.message_id") : camelCase;
    String source = "//pubsub.googleapis.com/" + subscription;
    return new EventId(
        AttributeText.required(source, "subscription"),
        AttributeText.required(id, "message.messageId"));
  }

  /**
   * Promises what a Cloud Storage notification in the message says; any other message is ignored.
   *
   * @throws MalformedEventException when it is a notification and broken
   */
  Received notification(EventId id) {
    String type = Json.text(attributes, "eventType", ATTRIBUTES + ".eventType");
    Optional<Change> change = Change.ofNotification(type);
    if (change.isEmpty()) {
      return new Received.Ignored(
          id,
          Envelope.MESSAGE_PUBLISHED,
          "The message is no notification of a change to an object");
    }
    byte[] payload = data();
    return change
        .get()
        .happenedTo(
            id,
            payload.length == 0 || attributes.path("payloadFormat").asText().equals("NONE")
                ? StorageObject.ofNotification(attributes, ATTRIBUTES)
                : StorageObject.ofResource(Json.parse(payload, "message.data"), "message.data"));
  }

  private byte[] data() {
    return Json.base64(Json.text(message, "data", "message.data"), "message.data");
  }
}

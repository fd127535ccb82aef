package dev.ragprocessor.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Supplier;

/**
 * One CloudEvent in any mode.
 *
 * @param traceparent of the distributed tracing extension; empty when absent
 * @param data read only when the type is ours, so that another's event needs no data of our kind
 */
record Envelope(EventId id, String type, String traceparent, Supplier<JsonNode> data) {
  static final String MESSAGE_PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";
  private static final String TRACEPARENT = "traceparent";

  /**
   * Promises an event out of headers and body (binary mode). The optional attributes, {@code
   * subject} among them, are not read: Google sends them as raw UTF-8, which a server may not have
   * kept, and the body says all that is needed. A {@code ce-datacontenttype} header, which must not
   * be there, is passed over: the message's own content type is what counts.
   */
  static Envelope ofBinary(Headers headers, MediaType contentType, byte[] body) {
    requireVersion(AttributeText.fromHeader(headers, "specversion"));
    EventId id =
        new EventId(
            AttributeText.fromHeader(headers, "source"), AttributeText.fromHeader(headers, "id"));
    List<String> traceparent = headers.values("ce-" + TRACEPARENT);
    return new Envelope(
        id,
        AttributeText.fromHeader(headers, "type"),
        traceparent.isEmpty() ? "" : traceparent.getFirst(),
        () -> json(contentType, body, "data"));
  }

  /** Promises an event out of its JSON format (structured mode, and each of a batch). */
  static Envelope ofJson(JsonNode event) {
    if (!event.isObject()) {
      throw new MalformedEventException("event", "An event must be a JSON object");
    }
    requireVersion(attribute(event, "", "specversion"));
    EventId id = new EventId(attribute(event, "", "source"), attribute(event, "", "id"));
    return new Envelope(
        id, attribute(event, "", "type"), event.path(TRACEPARENT).asText(), () -> jsonData(event));
  }

  /**
   * Promises an event out of a Pub/Sub message's attributes: what Eventarc pushes to Cloud Run
   * where a value cannot be a header. The values are not percent-encoded.
   */
  static Envelope ofMessage(JsonNode attributes, byte[] data) {
    requireVersion(attribute(attributes, "ce-", "specversion"));
    EventId id =
        new EventId(attribute(attributes, "ce-", "source"), attribute(attributes, "ce-", "id"));
    String contentType = Json.text(attributes, "ce-datacontenttype", "datacontenttype");
    return new Envelope(
        id,
        attribute(attributes, "ce-", "type"),
        attributes.path("ce-" + TRACEPARENT).asText(),
        () -> json(MediaType.parse(contentType), data, "data"));
  }

  private static String attribute(JsonNode json, String prefix, String name) {
    return AttributeText.required(Json.text(json, prefix + name, name), name);
  }

  private static void requireVersion(String version) {
    if (!version.equals("1.0")) {
      throw new MalformedEventException("specversion", "Must be 1.0");
    }
  }

  private static JsonNode json(MediaType contentType, byte[] data, String attribute) {
    contentType.requireJson();
    return Json.parse(data, attribute);
  }

  /** CloudEvents JSON format 1.0.2, section 3.1: data or data_base64; a string stays a string. */
  private static JsonNode jsonData(JsonNode event) {
    MediaType contentType = MediaType.parse(Json.text(event, "datacontenttype", "datacontenttype"));
    boolean inline = event.hasNonNull("data");
    boolean encoded = event.hasNonNull("data_base64");
    if (inline && encoded) {
      throw new MalformedEventException("data_base64", "Must not be there beside data");
    }
    if (encoded) {
      String base64 = Json.text(event, "data_base64", "data_base64");
      return json(contentType, Json.base64(base64, "data_base64"), "data_base64");
    }
    contentType.requireJson();
    return event.path("data");
  }
}

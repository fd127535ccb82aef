package dev.ragprocessor.cloudevents;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A delivery as a test puts it together, with what Eventarc really sends as its start. */
final class Message implements Headers {
  static final String FINALIZED = "google.cloud.storage.object.v1.finalized";
  static final EventId ID =
      new EventId("//storage.googleapis.com/projects/_/buckets/b", "6031255652220627");
  static final String OBJECT =
      """
      {"kind":"storage#object","id":"b/docs/Helvétios.pdf/1666190425669022","bucket":"b",
       "name":"docs/Helvétios.pdf","generation":"1666190425669022","metageneration":"1",
       "contentType":"application/pdf","size":"1234","crc32c":"yZRlqg==",
       "timeCreated":"2022-10-19T14:40:25.671Z","metadata":{"a":"b"},"componentCount":2}
      """;

  private final Map<String, List<String>> fields = new java.util.HashMap<>();
  private byte[] body = new byte[0];

  static Message binary(String type) {
    return new Message()
        .with("ce-specversion", "1.0")
        .with("ce-id", ID.id())
        .with("ce-source", ID.source())
        .with("ce-type", type)
        .with("ce-subject", "objects/docs/Helv\ufffd\ufffdtios.pdf")
        .with("ce-time", "2022-10-19T14:40:25.678152Z")
        .with("ce-bucket", "b")
        .with("content-type", "application/json")
        .body(OBJECT);
  }

  static Message structured(String event) {
    return new Message().with("content-type", "application/cloudevents+json").body(event);
  }

  static Message batch(String... events) {
    return new Message()
        .with("content-type", "application/cloudevents-batch+json; charset=UTF-8")
        .body("[" + String.join(",", events) + "]");
  }

  static Message push(String body) {
    return new Message().with("content-type", "application/json").body(body);
  }

  /** The attributes of a storage event in JSON, with more members behind them. */
  static String event(String more) {
    return """
        {"specversion":"1.0","id":"%s","source":"%s","type":"%s"%s}"""
        .formatted(ID.id(), ID.source(), FINALIZED, more.isEmpty() ? "" : "," + more);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  Message with(String name, String... values) {
    fields.put(name, List.of(values));
    return this;
  }

  Message without(String name) {
    fields.remove(name);
    return this;
  }

  Message body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  Message body(byte[] bytes) {
    body = bytes.clone();
    return this;
  }

  @Override
  public List<String> values(String name) {
    List<String> values = new ArrayList<>();
    fields.forEach(
        (field, given) -> {
          if (field.toLowerCase(Locale.ROOT).equals(name)) {
            values.addAll(given);
          }
        });
    return values;
  }

  List<Received> read() {
    return new CloudEventReader().read(this, body);
  }
}

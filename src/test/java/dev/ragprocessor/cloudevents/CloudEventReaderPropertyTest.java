package dev.ragprocessor.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.Tries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever is delivered, the reader answers with events or with one of its two errors. {@code mvn
 * verify -Psoak} searches for ten minutes or so; {@code -Dfuzz=…} and {@code -Dfuzz.damaged=…} say
 * how often each property is tried.
 */
class CloudEventReaderPropertyTest {
  @Property(shrinking = ShrinkingMode.BOUNDED)
  @Tries(property = "fuzz", otherwise = 1_000)
  void any_bytes_under_any_headers_end_in_a_result_or_a_named_error(
      @ForAll("messages") Message message) {
    assertEndsWell(message);
  }

  @Property(shrinking = ShrinkingMode.BOUNDED)
  @Tries(property = "fuzz.damaged", otherwise = 1_000)
  void a_real_message_with_a_few_bytes_changed_ends_in_a_result_or_a_named_error(
      @ForAll("damaged") Message message) {
    assertEndsWell(message);
  }

  private static void assertEndsWell(Message message) {
    try {
      for (Received received : message.read()) {
        assertThat(wellFormed(received)).isTrue();
      }
    } catch (MalformedEventException malformed) {
      assertThat(malformed.attribute()).isNotBlank();
      assertThat(malformed.detail()).isNotBlank();
    } catch (UnsupportedMediaException unsupported) {
      assertThat(unsupported.detail()).isNotBlank();
    }
  }

  private static boolean wellFormed(Received received) {
    return switch (received) {
      case Received.Storage(StorageEvent event, _) ->
          event.object().object().generation() > 0 && !event.id().id().isEmpty();
      case Received.Ignored(EventId id, String type, String reason) ->
          !id.source().isEmpty() && !type.isEmpty() && !reason.isEmpty();
      case Received.Malformed(String attribute, String detail) ->
          !attribute.isEmpty() && !detail.isEmpty();
    };
  }

  @Provide
  Arbitrary<Message> messages() {
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20),
            Arbitraries.of("1.0", "%C0%A0", "\"", "\"\\\"", Message.FINALIZED, "application/json"),
            Arbitraries.of("application/cloudevents+json", "application/cloudevents-batch+json"));
    Arbitrary<String> names =
        Arbitraries.of(
            "ce-id", "ce-source", "ce-type", "ce-specversion", "ce-subject", "content-type");
    Arbitrary<byte[]> bodies =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(200),
            json(3).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    return Combinators.combine(Arbitraries.maps(names, values), bodies)
        .as(
            (fields, body) -> {
              Message message = new Message().body(body);
              fields.forEach(message::with);
              return message;
            });
  }

  /** JSON that has the members that the reader looks for, with values of any type. */
  private static Arbitrary<String> json(int depth) {
    Arbitrary<String> leaves =
        Arbitraries.oneOf(
            Arbitraries.of(
                "null", "true", "0", "-1", "1e999", "1.5", "\"\"", "\"e30=\"", "\"\\ud800\""),
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.of("\"1.0\"", "\"" + Message.FINALIZED + "\"", Message.OBJECT),
            Arbitraries.of(
                "\"google.cloud.pubsub.topic.v1.messagePublished\"", "\"OBJECT_DELETE\""));
    Arbitrary<String> members =
        Arbitraries.of(
            "specversion",
            "id",
            "source",
            "type",
            "data",
            "data_base64",
            "datacontenttype",
            "message",
            "attributes",
            "messageId",
            "bucket",
            "name",
            "generation",
            "size",
            "eventType",
            "bucketId",
            "objectId",
            "objectGeneration",
            "ce-id",
            "ce-type");
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<String> objects =
        Arbitraries.maps(members, json(depth - 1))
            .ofMaxSize(8)
            .map(
                map ->
                    map.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
                        .toList())
            .map(list -> "{" + String.join(",", list) + "}");
    Arbitrary<String> arrays =
        json(depth - 1).list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]");
    return Arbitraries.oneOf(leaves, objects, arrays);
  }

  @Provide
  Arbitrary<Message> damaged() {
    String data = "\"data\":" + Message.OBJECT;
    String push =
        "{\"subscription\":\"s\",\"message\":{\"messageId\":\"1\",\"data\":\""
            + Message.base64(Message.OBJECT)
            + "\",\"attributes\":{\"eventType\":\"OBJECT_DELETE\",\"bucketId\":\"b\"}}}";
    List<String> bodies =
        List.of(Message.OBJECT, Message.event(data), "[" + Message.event(data) + "]", push);
    Arbitrary<Integer> modes = Arbitraries.integers().between(0, 3);
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 400);
    return Combinators.combine(modes, places.list().ofMinSize(1).ofMaxSize(4), Arbitraries.bytes())
        .as(
            (mode, at, value) -> {
              byte[] body = bodies.get(mode).getBytes(StandardCharsets.UTF_8);
              at.forEach(place -> body[place % body.length] = value);
              return switch (mode) {
                case 0 -> Message.binary(Message.FINALIZED).body(body);
                case 1 -> Message.structured("").body(body);
                case 2 -> Message.batch().body(body);
                default -> Message.push("").body(body);
              };
            });
  }
}

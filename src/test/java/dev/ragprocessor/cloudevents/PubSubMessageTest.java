package dev.ragprocessor.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.store.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PubSubMessageTest {
  private static final String TYPE = "google.cloud.pubsub.topic.v1.messagePublished";
  private static final EventId PUSHED =
      new EventId("//pubsub.googleapis.com/projects/p/subscriptions/s", "77");
  private static final ObjectId OBJECT =
      new ObjectId("b", "docs/Helvétios.pdf", 1_666_190_425_669_022L);
  private static final String NOTIFICATION =
      """
      "eventType":"OBJECT_FINALIZE","bucketId":"b","objectId":"docs/Helvétios.pdf",
      "objectGeneration":"1666190425669022","payloadFormat":"JSON_API_V1",
      "notificationConfig":"projects/_/buckets/b/notificationConfigs/1"
      """;
  private static final String FALLBACK =
      """
      "ce-specversion":"1.0","ce-id":"%s","ce-source":"%s","ce-type":"%s","ce-subject":"objects/x ",
      "ce-datacontenttype":"application/json"
      """
          .formatted(Message.ID.id(), Message.ID.source(), Message.FINALIZED);

  @ParameterizedTest
  @CsvSource({
    "OBJECT_FINALIZE, Finalized",
    "OBJECT_DELETE, Deleted",
    "OBJECT_ARCHIVE, Archived",
    "OBJECT_METADATA_UPDATE, MetadataUpdated"
  })
  void reads_a_notification_of_a_plain_push_subscription(String eventType, String event) {
    String attributes = NOTIFICATION.replace("OBJECT_FINALIZE", eventType);
    assertThat(Message.push(body(attributes, Message.OBJECT)).read())
        .singleElement()
        .isInstanceOfSatisfying(
            Received.Storage.class,
            storage -> {
              assertThat(storage.event().getClass().getSimpleName()).isEqualTo(event);
              assertThat(storage.event().id()).isEqualTo(PUSHED);
              assertThat(storage.event().object().object()).isEqualTo(OBJECT);
              assertThat(storage.event().object().size()).isEqualTo(1234);
            });
  }

  @Test
  void a_notification_without_payload_says_which_object_and_no_more() {
    String none = NOTIFICATION.replace("JSON_API_V1", "NONE");
    ObjectAttributes object =
        new ObjectAttributes(OBJECT, 0, "", ObjectAttributes.UNKNOWN_SIZE, "", false);
    assertThat(Message.push(body(none, "")).read())
        .containsExactly(new Received.Storage(new StorageEvent.Finalized(PUSHED, object)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucketId", "objectId", "objectGeneration"})
  void an_attribute_that_is_missing_is_named(String attribute) {
    String broken =
        NOTIFICATION.replace("JSON_API_V1", "NONE").replace("\"" + attribute + "\":", "\"x\":");
    assertMalformed(body(broken, ""), "message.attributes." + attribute);
  }

  @Test
  void reads_the_event_that_could_not_be_put_into_headers() {
    assertThat(Message.push(body(FALLBACK, Message.OBJECT)).read())
        .isEqualTo(Message.binary(Message.FINALIZED).read());
  }

  @Test
  void such_an_event_is_as_strict_as_any_other() {
    assertMalformed(body(FALLBACK.replace("\"ce-id\"", "\"x\""), Message.OBJECT), "id");
    assertMalformed(body(FALLBACK, "{}"), "data.bucket");
    assertMalformed(body(FALLBACK, ""), "data");
  }

  @Test
  void reads_a_published_message_that_carries_a_notification() {
    assertThat(Message.binary(TYPE).body(body(NOTIFICATION, Message.OBJECT)).read())
        .isEqualTo(Message.binary(Message.FINALIZED).read());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"a\":\"b\"", "\"eventType\":\"OBJECT_INITIALIZE\"", "\"eventType\":\"\"", ""})
  void any_other_message_is_ignored(String attributes) {
    assertThat(Message.push(body(attributes, "hello")).read())
        .singleElement()
        .isInstanceOf(Received.Ignored.class);
    assertThat(Message.binary(TYPE).body(body(attributes, "hello")).read())
        .singleElement()
        .isInstanceOf(Received.Ignored.class);
  }

  @Test
  void the_older_spelling_of_the_message_id_is_read_too() {
    String older = body(NOTIFICATION, Message.OBJECT).replace("messageId", "message_id");
    assertThat(Message.push(older).read()).singleElement().isInstanceOf(Received.Storage.class);
    String none = body(NOTIFICATION, Message.OBJECT).replace("messageId", "x");
    assertMalformed(none, "message.messageId");
  }

  @Test
  void broken_data_are_named() {
    String body = body(NOTIFICATION, Message.OBJECT);
    assertMalformed(body.replace("\"data\":\"", "\"data\":\"*"), "message.data");
    assertMalformed(body(NOTIFICATION, "not json"), "message.data");
    assertMalformed(
        body(NOTIFICATION, Message.OBJECT.replace("\"generation\"", "\"x\"")),
        "message.data.generation");
    assertMalformed(
        body.replace("\"attributes\":{", "\"attributes\":[{").replace("},\"m", "}],\"m"),
        "message.attributes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"message\":1}", "[]", "7", "\"x\""})
  void what_is_neither_event_nor_push_is_told_that_its_id_is_missing(String body) {
    assertMalformed(body, "id");
  }

  private static String body(String attributes, String data) {
    return """
        {"subscription":"projects/p/subscriptions/s","message":{"data":"%s",
         "attributes":{%s},"messageId":"77","publishTime":"2022-10-19T14:40:25Z"}}"""
        .formatted(Message.base64(data), attributes);
  }

  private static void assertMalformed(String body, String attribute) {
    assertThatExceptionOfType(MalformedEventException.class)
        .isThrownBy(() -> Message.push(body).read())
        .satisfies(malformed -> assertThat(malformed.attribute()).isEqualTo(attribute));
  }
}

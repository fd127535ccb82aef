package dev.ragprocessor.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.store.ObjectId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventReaderTest {
  private static final ObjectId OBJECT_ID =
      new ObjectId("b", "docs/Helvétios.pdf", 1_666_190_425_669_022L);
  private static final ObjectAttributes OBJECT =
      new ObjectAttributes(OBJECT_ID, 1, "application/pdf", 1234, "yZRlqg==", false);
  private static final StorageEvent EVENT = new StorageEvent.Finalized(Message.ID, OBJECT);
  private static final String DATA = "\"data\":" + Message.OBJECT;

  @Test
  void reads_the_event_that_eventarc_sends() {
    assertThat(Message.binary(Message.FINALIZED).read())
        .containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void reads_each_of_the_four_types() {
    Map<String, StorageEvent> expected =
        Map.of(
            "finalized", EVENT,
            "deleted", new StorageEvent.Deleted(Message.ID, OBJECT),
            "archived", new StorageEvent.Archived(Message.ID, OBJECT),
            "metadataUpdated", new StorageEvent.MetadataUpdated(Message.ID, OBJECT));
    expected.forEach(
        (type, event) ->
            assertThat(Message.binary("google.cloud.storage.object.v1." + type).read())
                .containsExactly(new Received.Storage(event)));
  }

  @Test
  void what_the_event_says_of_its_trace_is_passed_on_in_every_mode() {
    String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Received expected = new Received.Storage(EVENT, traceparent);
    assertThat(
            Message.binary(Message.FINALIZED)
                .with("ce-traceparent", traceparent)
                .with("traceparent", "00-00000000000000000000000000000001-0000000000000001-01")
                .read())
        .containsExactly(expected);
    String member = ",\"traceparent\":\"" + traceparent + "\"";
    assertThat(Message.structured(Message.event(DATA + member)).read()).containsExactly(expected);
    String odd = ",\"traceparent\":[1]";
    assertThat(Message.structured(Message.event(DATA + odd)).read())
        .containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void finds_headers_whatever_their_case() {
    Message message =
        Message.binary(Message.FINALIZED).without("ce-id").with("Ce-Id", Message.ID.id());
    assertThat(message.read()).containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void another_type_is_ignored_whatever_its_data() {
    Message message =
        Message.binary("google.cloud.audit.log.v1.written")
            .with("content-type", "application/protobuf")
            .body(new byte[] {0, 1, (byte) 0xff});
    assertThat(message.read())
        .singleElement()
        .isInstanceOfSatisfying(
            Received.Ignored.class,
            ignored -> assertThat(ignored.type()).isEqualTo("google.cloud.audit.log.v1.written"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "source", "type", "specversion"})
  void a_required_attribute_that_is_missing_twice_there_or_empty_is_named(String attribute) {
    assertMalformed(Message.binary(Message.FINALIZED).without("ce-" + attribute), attribute);
    assertMalformed(Message.binary(Message.FINALIZED).with("ce-" + attribute, ""), attribute);
    assertMalformed(
        Message.binary(Message.FINALIZED).with("ce-" + attribute, "1.0", "1.0"), attribute);
    String event = Message.event(DATA).replace("\"" + attribute + "\":", "\"x\":");
    assertMalformed(Message.structured(event), attribute);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "1", "1.0.2", "2.0", "1.00"})
  void only_version_one_is_read(String version) {
    assertMalformed(
        Message.binary(Message.FINALIZED).with("ce-specversion", version), "specversion");
  }

  @ParameterizedTest
  @CsvSource({
    "a%2Fb, a/b",
    "a%2fb, a/b",
    "%41, A",
    "Hell%C3%B3, Helló",
    "%252F, %2F",
    "100%, 100%",
    "%zz, %zz",
    "'\"a \\\"b\\\" \\\\\"', 'a \"b\" \\'",
  })
  void a_header_is_unquoted_and_percent_decoded_once(String header, String id) {
    assertThat(Message.binary(Message.FINALIZED).with("ce-id", header).read())
        .containsExactly(
            new Received.Storage(
                new StorageEvent.Finalized(new EventId(Message.ID.source(), id), OBJECT)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%C0%A0", "%ED%A0%80", "%FF", "caf\u00e9", "a\ufffd", "%00", "%EF%BF%BF"})
  void an_unreadable_required_header_is_malformed(String id) {
    assertMalformed(Message.binary(Message.FINALIZED).with("ce-id", id), "id");
  }

  @Test
  void an_unreadable_optional_header_loses_nothing() {
    Message message =
        Message.binary(Message.FINALIZED)
            .with("ce-subject", "objects/\ufffd%C0%A0 ", "twice")
            .with("ce-time", "yesterday")
            .with("ce-datacontenttype", "text/plain");
    assertThat(message.read()).containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void the_name_comes_from_the_body_alone() {
    Message message =
        Message.binary(Message.FINALIZED)
            .with("ce-subject", "objects/other")
            .with("ce-bucket", "x");
    assertThat(message.read()).containsExactly(new Received.Storage(EVENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents+json",
        "Application/CloudEvents+JSON",
        "application/cloudevents+json; charset=utf-8",
        "application/cloudevents+json;charset=\"UTF-8\"; x=y",
      })
  void structured_mode_is_told_by_its_content_type(String contentType) {
    Message message = Message.structured(Message.event(DATA)).with("content-type", contentType);
    assertThat(message.read()).containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void structured_data_may_be_base64() {
    String event = Message.event("\"data_base64\":\"" + Message.base64(Message.OBJECT) + "\"");
    assertThat(Message.structured(event).read()).containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void null_is_unset() {
    String event = Message.event(DATA + ",\"data_base64\":null,\"subject\":null");
    assertThat(Message.structured(event).read()).containsExactly(new Received.Storage(EVENT));
    assertMalformed(
        Message.structured(event.replace("\"id\":\"" + Message.ID.id() + "\"", "\"id\":null")),
        "id");
  }

  @Test
  void data_and_base64_exclude_each_other() {
    assertMalformed(
        Message.structured(Message.event(DATA + ",\"data_base64\":\"e30=\"")), "data_base64");
  }

  @Test
  void data_that_is_a_string_is_not_parsed_again() {
    assertMalformed(Message.structured(Message.event("\"data\":\"{}\"")), "data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"data_base64\":\"*\"", "\"data_base64\":1", "\"data_base64\":\"\""})
  void broken_base64_is_named(String data) {
    assertMalformed(Message.structured(Message.event(data)), "data_base64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents",
        "application/cloudevents+avro",
        "application/cloudevents-batch+xml",
        "application/cloudevents+json; charset=utf-16",
      })
  void other_formats_are_unsupported(String contentType) {
    assertUnsupported(Message.structured(Message.event(DATA)).with("content-type", contentType));
  }

  @Test
  void other_data_are_unsupported() {
    assertUnsupported(
        Message.binary(Message.FINALIZED).with("content-type", "application/protobuf"));
    assertUnsupported(
        Message.structured(
            Message.event(
                "\"datacontenttype\":\"application/protobuf\",\"data_base64\":\"AA==\"")));
    assertUnsupported(
        Message.binary(Message.FINALIZED).with("content-type", "application/json; charset=latin1"));
    assertUnsupported(Message.push("a=b").with("content-type", "text/plain"));
  }

  @Test
  void data_without_a_content_type_are_json() {
    assertThat(Message.binary(Message.FINALIZED).without("content-type").read())
        .containsExactly(new Received.Storage(EVENT));
  }

  @Test
  void a_batch_is_read_in_order_and_one_bad_event_hides_no_other() {
    String ignored = Message.event("").replace(Message.FINALIZED, "other");
    String protobuf = Message.event("\"datacontenttype\":\"application/protobuf\"");
    List<Received> all =
        Message.batch(Message.event(DATA), "{}", ignored, "7", protobuf, Message.event(DATA))
            .read();
    assertThat(all).hasSize(6);
    assertThat(all.getFirst()).isEqualTo(new Received.Storage(EVENT));
    assertThat(all.get(1)).isInstanceOf(Received.Malformed.class);
    assertThat(all.get(2)).isInstanceOf(Received.Ignored.class);
    assertThat(all.get(3)).isInstanceOf(Received.Malformed.class);
    assertThat(all.get(4)).isInstanceOf(Received.Malformed.class);
    assertThat(all.getLast()).isEqualTo(new Received.Storage(EVENT));
  }

  @Test
  void a_batch_may_be_empty_but_must_be_an_array() {
    assertThat(Message.batch().read()).isEmpty();
    assertMalformed(Message.batch().body("{}"), "body");
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807", "1", "'\"9223372036854775807\"'", "'\"1\"'"})
  void a_generation_is_an_exact_number_or_string(String generation) {
    String object = Message.OBJECT.replace("\"1666190425669022\"", generation);
    long expected = Long.parseLong(generation.replace("\"", ""));
    assertThat(Message.binary(Message.FINALIZED).body(object).read())
        .singleElement()
        .isInstanceOfSatisfying(
            Received.Storage.class,
            storage ->
                assertThat(storage.event().object().object().generation()).isEqualTo(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "0",
        "-1",
        "1.0",
        "1e3",
        "true",
        "[]",
        "\"\"",
        "\"1.0\"",
        "\"x\"",
        "\"-1\"",
        "\"٣\"",
        "9223372036854775808",
        "\"9223372036854775808\"",
        "\"99999999999999999999\""
      })
  void any_other_generation_is_named(String generation) {
    assertMalformed(
        Message.binary(Message.FINALIZED)
            .body(Message.OBJECT.replace("\"1666190425669022\"", generation)),
        "data.generation");
  }

  @ParameterizedTest
  @ValueSource(strings = {"generation", "name", "bucket"})
  void a_missing_member_of_the_object_is_named(String member) {
    assertMalformed(
        Message.binary(Message.FINALIZED)
            .body(Message.OBJECT.replace("\"" + member + "\":", "\"x\":")),
        "data." + member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"metageneration", "size", "contentType", "crc32c"})
  void an_optional_member_may_be_missing_but_not_of_another_type(String member) {
    String key = "\"" + member + "\":";
    assertThat(Message.binary(Message.FINALIZED).body(Message.OBJECT.replace(key, "\"x\":")).read())
        .singleElement()
        .isInstanceOf(Received.Storage.class);
    assertMalformed(
        Message.binary(Message.FINALIZED).body(Message.OBJECT.replace(key, key + "{}, \"y\":")),
        "data." + member);
  }

  @Test
  void a_size_that_nobody_told_is_not_zero() {
    String object = Message.OBJECT.replace("\"size\":", "\"x\":");
    assertThat(Message.binary(Message.FINALIZED).body(object).read())
        .singleElement()
        .isInstanceOfSatisfying(
            Received.Storage.class,
            storage ->
                assertThat(storage.event().object().size())
                    .isEqualTo(ObjectAttributes.UNKNOWN_SIZE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", ".", "..", "a\\u0000", "\\ud800"})
  void what_is_no_bucket_is_named(String bucket) {
    assertMalformed(
        Message.binary(Message.FINALIZED)
            .body(Message.OBJECT.replace("\"bucket\":\"b\"", "\"bucket\":\"" + bucket + "\"")),
        "data.bucket");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\u0000b", "\\ud800", "../../etc/passwd", "/", "a%2Fb", " trailing "})
  void a_name_may_hold_anything(String name) {
    assertThat(
            Message.binary(Message.FINALIZED)
                .body(Message.OBJECT.replace("docs/Helvétios.pdf\",\"gen", name + "\",\"gen"))
                .read())
        .singleElement()
        .isInstanceOf(Received.Storage.class);
  }

  @Test
  void a_name_has_at_most_1024_bytes() {
    String name = "é".repeat(512);
    assertThat(named(name).read()).singleElement().isInstanceOf(Received.Storage.class);
    assertMalformed(named(name + "x"), "data.name");
  }

  private static Message named(String name) {
    return Message.binary(Message.FINALIZED)
        .body("{\"bucket\":\"b\",\"name\":\"" + name + "\",\"generation\":1}");
  }

  @Test
  void a_folder_placeholder_is_ignored_and_a_file_of_that_name_is_not() {
    String placeholder = "{\"bucket\":\"b\",\"name\":\"docs/\",\"generation\":1,\"size\":\"0\"}";
    assertThat(Message.binary(Message.FINALIZED).body(placeholder).read())
        .singleElement()
        .isInstanceOf(Received.Ignored.class);
    assertThat(Message.binary(Message.FINALIZED).body(placeholder.replace("\"0\"", "1")).read())
        .singleElement()
        .isInstanceOf(Received.Storage.class);
    assertThat(named("docs/").read()).singleElement().isInstanceOf(Received.Storage.class);
  }

  @Test
  void a_customer_encrypted_object_is_marked() {
    String object =
        Message.OBJECT.replace(
            "\"kind\":",
            "\"customerEncryption\":{\"encryptionAlgorithm\":\"AES256\",\"keySha256\":\"x\"},\"kind\":");
    assertThat(Message.binary(Message.FINALIZED).body(object).read())
        .singleElement()
        .isInstanceOfSatisfying(
            Received.Storage.class,
            storage -> assertThat(storage.event().object().customerEncrypted()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "not json",
        "{\"bucket\":",
        "{} {}",
        "[]",
        "null",
        "\"text\"",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{'bucket':'b'}",
        "{\"a\":NaN}"
      })
  void a_body_that_is_no_object_is_malformed(String body) {
    assertThatExceptionOfType(MalformedEventException.class)
        .isThrownBy(() -> Message.binary(Message.FINALIZED).body(body).read())
        .satisfies(malformed -> assertThat(malformed.attribute()).startsWith("data"));
  }

  @Test
  void a_body_must_be_utf8_and_may_begin_with_a_byte_order_mark() {
    Message message = Message.binary(Message.FINALIZED);
    assertThat(message.body("\ufeff" + Message.OBJECT).read())
        .containsExactly(new Received.Storage(EVENT));
    assertMalformed(message.body(Message.OBJECT.getBytes(StandardCharsets.ISO_8859_1)), "data");
    assertMalformed(message.body(Message.OBJECT.getBytes(StandardCharsets.UTF_16)), "data");
  }

  @Test
  void nesting_and_numbers_are_bounded() {
    assertMalformed(
        Message.binary(Message.FINALIZED).body("[".repeat(100_000) + "]".repeat(100_000)), "data");
    assertMalformed(
        Message.binary(Message.FINALIZED).body("{\"generation\":" + "9".repeat(1_000) + "}"),
        "data");
  }

  @Test
  void an_error_never_quotes_the_body() {
    assertThatExceptionOfType(MalformedEventException.class)
        .isThrownBy(() -> Message.binary(Message.FINALIZED).body("{\"a\": secret}").read())
        .satisfies(malformed -> assertThat(malformed.detail()).doesNotContain("secret"));
  }

  private static void assertMalformed(Message message, String attribute) {
    assertThatExceptionOfType(MalformedEventException.class)
        .isThrownBy(message::read)
        .satisfies(malformed -> assertThat(malformed.attribute()).isEqualTo(attribute));
  }

  private static void assertUnsupported(Message message) {
    assertThatExceptionOfType(UnsupportedMediaException.class).isThrownBy(message::read);
  }
}

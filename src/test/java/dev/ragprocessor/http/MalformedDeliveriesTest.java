package dev.ragprocessor.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

// Longer than other files because it is a table: the cases are best compared where they stand.
/**
 * Every way to break a delivery that we know of, over real HTTP: each is told what is wrong with it
 * by name, none is a server's error, none is worked on, and none disturbs what comes after it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedDeliveriesTest {
  private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");
  private static final String OBJECT = "{\"bucket\":\"b\",\"name\":\"a.txt\",\"generation\":\"7\"}";

  private final Collection<StorageEvent> delivered = new ConcurrentLinkedQueue<>();
  private RunningGateway server;

  @BeforeAll
  void start() {
    server =
        RunningGateway.with(
            event -> {
              delivered.add(event);
              return new Outcome.Deleted();
            });
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    delivered.clear();
  }

  @AfterEach
  void a_sound_event_is_taken_afterwards() throws IOException {
    assertThat(answer(binary("", OBJECT))).startsWith("HTTP/1.1 204");
    assertThat(delivered).hasSize(1);
  }

  static Stream<Arguments> brokenHeaders() {
    return REQUIRED.stream()
        .flatMap(
            attribute -> {
              String header = "ce-" + attribute + ": ";
              return Stream.of(
                      "",
                      header + "\n",
                      header + "  \t \n",
                      header + "\"\"\n",
                      header + "one\n" + header + "two\n",
                      header + "1.0\n" + header + "1.0\n",
                      header + "a%00b\n",
                      header + "a%0Ab\n",
                      header + "a%7fb\n",
                      header + "%C0%A0\n",
                      header + "%ff\n",
                      header + "%c3\n",
                      header + "%ED%A0%80\n",
                      header + "%EF%BF%BF\n",
                      header + "%EF%B7%90\n",
                      header + "\u00c3\u00a9\n",
                      header + "\u0080\n",
                      header + "\u00ff\n")
                  .map(broken -> Arguments.of(attribute, broken));
            });
  }

  @ParameterizedTest
  @MethodSource("brokenHeaders")
  void a_required_header_that_is_broken_is_named(String attribute, String header)
      throws IOException {
    String headers = EVENT.replaceAll("(?m)^ce-" + attribute + ": .*\n", "") + header;
    assertProblem(request(headers, OBJECT), 400, attribute);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3", "1", "1.0.2", "1.1", "2.0", "v1.0", "1,0"})
  void another_version_is_named(String version) throws IOException {
    String headers = EVENT.replace("specversion: 1.0", "specversion: " + version);
    assertProblem(request(headers, OBJECT), 400, "specversion");
    assertProblem(
        request(
            "Content-Type: application/cloudevents+json\n",
            event("specversion", '"' + version + '"', OBJECT)),
        400,
        "specversion");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/protobuf",
        "application/xml",
        "application/octet-stream",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=\"ISO-8859-1\"",
        "application/json; charset=windows-1252",
        "json",
        "/",
        "*/*",
        "application/cloudevents+avro",
        "application/cloudevents+xml",
        "application/cloudevents",
        "application/cloudevents-batch",
        "application/cloudevents-batch+xml",
        "application/cloudevents+json; charset=utf-16"
      })
  void another_format_is_named(String contentType) throws IOException {
    assertProblem(
        request(EVENT.replace("application/json", contentType), OBJECT), 415, "datacontenttype");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/xml"})
  void what_is_neither_event_nor_json_is_named(String contentType) throws IOException {
    assertProblem(
        request("Content-Type: " + contentType + "\n", "message=1"), 415, "datacontenttype");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Type: application/json\nContent-Type: application/json\n"})
  void a_content_type_that_is_there_twice_is_named(String twice) throws IOException {
    assertProblem(
        request(EVENT.replace("Content-Type: application/json\n", twice), OBJECT),
        400,
        "content-type");
  }

  static Stream<String> brokenJson() {
    return Stream.of(
        "",
        " ",
        "\n\t ",
        "{",
        "}",
        "[",
        "nonsense",
        "{\"bucket\":\"b\",}",
        "{'bucket':'b'}",
        "{bucket:\"b\"}",
        "{\"bucket\":\"b\"} {\"bucket\":\"b\"}",
        "{\"bucket\":\"b\"}x",
        "{\"bucket\":\"b\",\"bucket\":\"c\"}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "// no\n{}",
        "/* no */ {}",
        "{\"generation\":NaN}",
        "{\"generation\":+1}",
        "{\"generation\":01}",
        "{\"generation\":0x10}",
        "{\"generation\":" + "9".repeat(5_000) + "}",
        "{\"name\":\"\t\"}",
        "{\"name\":\"\\x\"}",
        "{\"name\":\"\\u12\"}",
        "{\"name\":\"a",
        "\u00ff\u00fe{\u0000}\u0000",
        "\u0000",
        "{\"name\":\"\u00c3(\"}",
        "{\"name\":\"\u00c0\u00af\"}",
        "{\"name\":\"\u00ed\u00a0\u0080\"}",
        "{\"name\":\"\u00f8\u0088\u0080\u0080\u0080\"}",
        "{\"name\":\"\u00e9\"}",
        "\u001f\u008b\b\u0000",
        "[".repeat(10_000),
        "{\"a\":".repeat(5_000),
        "[".repeat(65) + "]".repeat(65),
        "null",
        "true",
        "0",
        "\"" + OBJECT.replace("\"", "\\\"") + "\"",
        "[]",
        "[" + OBJECT + "]");
  }

  @ParameterizedTest
  @MethodSource("brokenJson")
  void data_that_are_no_object_are_named(String body) throws IOException {
    assertProblem(binary("", body), 400, "data");
    assertProblem(pushOfEvent(body), 400, "data");
  }

  static Stream<Arguments> brokenObjects() {
    List<String> noText = List.of("null", "1", "1.5", "true", "[]", "{}", "[\"b\"]");
    List<String> noNumber =
        List.of(
            "-1",
            "1.5",
            "1e3",
            "9223372036854775808",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"-1\"",
            "\"+1\"",
            "\" 1\"",
            "\"1 \"",
            "\"1.0\"",
            "\"0x10\"",
            "\"1_000\"",
            "\"seven\"",
            "\"9223372036854775808\"",
            "\"\uff17\"");
    return Stream.of(
            values("bucket", noText),
            values(
                "bucket",
                List.of(
                    "\"\"",
                    "\"a/b\"",
                    "\"/\"",
                    "\".\"",
                    "\"..\"",
                    "\"a\\u0000b\"",
                    "\"a\\nb\"",
                    "\"\\ud800\"",
                    '"' + "b".repeat(256) + '"')),
            values("name", noText),
            values("name", List.of("\"\"", '"' + "n".repeat(1_025) + '"', euros(342))),
            values("generation", noNumber),
            values("generation", List.of("null", "0", "\"0\"", "\"00\"")),
            values("metageneration", noNumber),
            values("size", noNumber),
            values("contentType", noText.subList(1, noText.size())),
            values("crc32c", noText.subList(1, noText.size())))
        .flatMap(cases -> cases);
  }

  private static Stream<Arguments> values(String member, List<String> values) {
    return values.stream().map(value -> Arguments.of(member, value));
  }

  /** Three bytes each. */
  private static String euros(int count) {
    return '"' + "\u20ac".repeat(count) + '"';
  }

  @ParameterizedTest
  @MethodSource("brokenObjects")
  void a_member_of_the_object_that_is_broken_is_named(String member, String value)
      throws IOException {
    String object = "{\"bucket\":\"b\",\"name\":\"a.txt\",\"generation\":\"7\"}";
    String others = object.replaceAll("\"" + member + "\":\"[^\"]*\",?", "").replace(",}", "}");
    String broken = "{\"" + member + "\":" + value + "," + others.substring(1);
    String utf8 = new String(broken.getBytes(UTF_8), ISO_8859_1);
    assertProblem(binary("", utf8), 400, "data." + member);
    assertProblem(structured(utf8), 400, "data." + member);
    assertProblem(pushOfEvent(utf8), 400, "data." + member);
    assertProblem(pushOfNotification(utf8), 400, "message.data." + member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket", "name", "generation"})
  void a_member_of_the_object_that_is_missing_is_named(String member) throws IOException {
    String object = OBJECT.replace('"' + member + '"', "\"other\"");
    assertProblem(binary("", object), 400, "data." + member);
    assertProblem(structured(object), 400, "data." + member);
  }

  static Stream<Arguments> brokenEvents() {
    return Stream.of(
        Arguments.of("body", ""),
        Arguments.of("body", "{"),
        Arguments.of("body", "{\"specversion\":\"1.0\",\"specversion\":\"1.0\"}"),
        Arguments.of("event", "[]"),
        Arguments.of("event", "null"),
        Arguments.of("event", "\"an event\""),
        Arguments.of("specversion", "{}"),
        Arguments.of("specversion", event("specversion", "1.0", OBJECT)),
        Arguments.of("specversion", event("specversion", "null", OBJECT)),
        Arguments.of("id", event("id", "null", OBJECT)),
        Arguments.of("id", event("id", "7", OBJECT)),
        Arguments.of("id", event("id", "\"\"", OBJECT)),
        Arguments.of("id", event("id", "[\"7\"]", OBJECT)),
        Arguments.of("id", event("id", "\"\\u0000\"", OBJECT)),
        Arguments.of("id", event("id", "\"\\udc00\"", OBJECT)),
        Arguments.of("id", event("id", "\"\\uffff\"", OBJECT)),
        Arguments.of("source", event("source", "null", OBJECT)),
        Arguments.of("source", event("source", "{}", OBJECT)),
        Arguments.of("source", event("source", "\"\"", OBJECT)),
        Arguments.of("type", event("type", "null", OBJECT)),
        Arguments.of("type", event("type", "false", OBJECT)),
        Arguments.of("type", event("type", "\"\"", OBJECT)),
        Arguments.of("data", event("subject", "\"s\"", "null")),
        Arguments.of("data", event("subject", "\"s\"", "\"{}\"")),
        Arguments.of("data", event("subject", "\"s\"", "[]")),
        Arguments.of("data", event("subject", "\"s\"", "1")),
        Arguments.of("datacontenttype", event("datacontenttype", "1", OBJECT)),
        Arguments.of("data_base64", event("data_base64", "\"e30=\"", OBJECT)),
        Arguments.of("data.bucket", event("data_base64", "\"e30=\"", "null")),
        Arguments.of("data.bucket", event("subject", "\"s\"", "{\"generation\":1e999999999}")),
        Arguments.of("data_base64", event("data_base64", "\"e\"", "null")),
        Arguments.of("data_base64", event("data_base64", "\"e30=\\n\"", "null")),
        Arguments.of("data_base64", event("data_base64", "\"_-8=\"", "null")),
        Arguments.of("data_base64", event("data_base64", "{}", "null")),
        Arguments.of("data_base64", event("data_base64", "\"" + base64("{") + "\"", "null")),
        Arguments.of("data_base64", event("data_base64", "\"/w==\"", "null")));
  }

  @ParameterizedTest
  @MethodSource("brokenEvents")
  void a_structured_event_that_is_broken_is_told_where(String attribute, String event)
      throws IOException {
    assertProblem(request("Content-Type: application/cloudevents+json\n", event), 400, attribute);
  }

  @ParameterizedTest
  @MethodSource("brokenEvents")
  void a_broken_event_of_a_batch_is_told_among_the_others(String attribute, String event)
      throws IOException {
    if (attribute.equals("body")) {
      assertProblem(batch(event.isEmpty() ? "x" : event), 400, "body");
      return;
    }
    JsonNode problem = problem(answer(batch(event("subject", "\"s\"", OBJECT) + "," + event)), 400);
    assertThat(problem.path("events")).hasSize(2);
    assertThat(problem.path("events").path(0).path("status").asInt()).isEqualTo(204);
    JsonNode second = problem.path("events").path(1);
    assertThat(second.path("status").asInt()).isEqualTo(400);
    assertThat(second.path("attribute").asText()).isEqualTo(attribute);
    assertThat(delivered).hasSize(1);
    delivered.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{}", "null", "1", "\"[]\"", "[", "[,]", "[{}"})
  void a_batch_that_is_no_array_is_named(String body) throws IOException {
    assertProblem(request("Content-Type: application/cloudevents-batch+json\n", body), 400, "body");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 150})
  void a_batch_of_too_many_events_is_named(int events) throws IOException {
    String all =
        String.join(
            ",",
            IntStream.range(0, events).mapToObj(i -> event("subject", "\"s\"", OBJECT)).toList());
    assertProblem(batch(all), 413, "body");
  }

  static Stream<Arguments> brokenPushes() {
    return Stream.of(
        Arguments.of("body", ""),
        Arguments.of("body", "{"),
        Arguments.of("body", "message=1"),
        Arguments.of("id", "null"),
        Arguments.of("id", "[]"),
        Arguments.of("id", "{}"),
        Arguments.of("id", "{\"message\":null}"),
        Arguments.of("id", "{\"message\":[]}"),
        Arguments.of("id", "{\"message\":\"m\"}"),
        Arguments.of("id", OBJECT),
        Arguments.of("subscription", push("1", "")),
        Arguments.of("message.messageId", "{\"subscription\":\"s\",\"message\":{}}"),
        Arguments.of(
            "message.messageId",
            push("\"s\"", ",\"messageId\":7").replaceFirst("\"messageId\":\"1\",", "")),
        Arguments.of("message.attributes", push("\"s\"", ",\"attributes\":[]")),
        Arguments.of("message.attributes", push("\"s\"", ",\"attributes\":\"a\"")),
        Arguments.of(
            "message.attributes.eventType", push("\"s\"", ",\"attributes\":{\"eventType\":1}")),
        Arguments.of("message.data", notification("\"data\":1", "")),
        Arguments.of("message.data", notification("\"data\":\"e\"", "")),
        Arguments.of("message.data", notification("\"data\":\"!\"", "")),
        Arguments.of("message.data", notification("\"data\":\"" + base64("{") + "\"", "")),
        Arguments.of("message.data", notification("\"data\":\"" + base64("[]") + "\"", "")),
        Arguments.of("message.data", notification("\"data\":\"/w==\"", "")),
        Arguments.of("message.attributes.bucketId", notification("\"data\":null", "")),
        Arguments.of(
            "message.attributes.bucketId",
            notification(
                "\"data\":null",
                ",\"bucketId\":\"a/b\",\"objectId\":\"o\",\"objectGeneration\":\"1\"")),
        Arguments.of(
            "message.attributes.objectId", notification("\"data\":null", ",\"bucketId\":\"b\"")),
        Arguments.of(
            "message.attributes.objectId",
            notification("\"data\":null", ",\"bucketId\":\"b\",\"objectId\":1")),
        Arguments.of(
            "message.attributes.objectGeneration",
            notification("\"data\":null", ",\"bucketId\":\"b\",\"objectId\":\"o\"")),
        Arguments.of(
            "message.attributes.objectGeneration",
            notification(
                "\"data\":null",
                ",\"bucketId\":\"b\",\"objectId\":\"o\",\"objectGeneration\":\"x\"")),
        Arguments.of("specversion", push("\"s\"", ",\"attributes\":{\"ce-id\":\"1\"}")),
        Arguments.of(
            "source",
            push("\"s\"", ",\"attributes\":{\"ce-specversion\":\"1.0\",\"ce-type\":\"t\"}")),
        Arguments.of(
            "id",
            push(
                "\"s\"",
                ",\"attributes\":{\"ce-specversion\":\"1.0\",\"ce-source\":\"s\",\"ce-id\":1}")));
  }

  @ParameterizedTest
  @MethodSource("brokenPushes")
  void a_push_that_is_broken_is_told_where(String attribute, String body) throws IOException {
    assertProblem(request("Content-Type: application/json\n", body), 400, attribute);
  }

  private static final String EVENT =
      """
      ce-specversion: 1.0
      ce-id: 1
      ce-source: //storage.googleapis.com/projects/_/buckets/b
      ce-type: google.cloud.storage.object.v1.finalized
      Content-Type: application/json
      """;

  private static String binary(String headers, String body) {
    return request(EVENT + headers, body);
  }

  private static String structured(String data) {
    return request("Content-Type: application/cloudevents+json\n", event("subject", "\"s\"", data));
  }

  private static String batch(String events) {
    return request("Content-Type: application/cloudevents-batch+json\n", "[" + events + "]");
  }

  /** A structured event with one more member, or another value for one. */
  private static String event(String member, String value, String data) {
    StringBuilder event = new StringBuilder("{\"").append(member).append("\":").append(value);
    for (String attribute : REQUIRED) {
      if (!attribute.equals(member)) {
        String sound =
            switch (attribute) {
              case "specversion" -> "1.0";
              case "type" -> "google.cloud.storage.object.v1.finalized";
              default -> "x";
            };
        event.append(",\"").append(attribute).append("\":\"").append(sound).append('"');
      }
    }
    return event.append(",\"data\":").append(data).append('}').toString();
  }

  private static String push(String subscription, String more) {
    return "{\"subscription\":%s,\"message\":{\"messageId\":\"1\",\"data\":\"e30=\"%s}}"
        .formatted(subscription, more);
  }

  private static String notification(String data, String attributes) {
    return "{\"subscription\":\"s\",\"message\":{\"messageId\":\"1\",%s,\"attributes\":{\"eventType\":\"OBJECT_FINALIZE\"%s}}}"
        .formatted(data, attributes);
  }

  private static String pushOfNotification(String object) {
    return request(
        "Content-Type: application/json\n",
        notification("\"data\":\"" + base64(object) + "\"", ""));
  }

  /** What Eventarc pushes where a value cannot be a header. */
  private static String pushOfEvent(String data) {
    return request(
        "Content-Type: application/json\n",
        ("{\"subscription\":\"s\",\"message\":{\"messageId\":\"1\",\"data\":\"%s\",\"attributes\":"
                + "{\"ce-specversion\":\"1.0\",\"ce-id\":\"1\",\"ce-source\":\"s\","
                + "\"ce-type\":\"google.cloud.storage.object.v1.finalized\"}}}")
            .formatted(base64(data)));
  }

  private static String base64(String bytes) {
    return Base64.getEncoder().encodeToString(bytes.getBytes(ISO_8859_1));
  }

  /** A request whose characters are bytes. */
  private static String request(String headers, String body) {
    return ("POST / HTTP/1.1\nHost: localhost\n"
                + headers
                + "Content-Length: "
                + body.length()
                + "\n\n")
            .replace("\n", "\r\n")
        + body;
  }

  private String answer(String request) throws IOException {
    try (RawClient client = server.raw()) {
      return client.bytes(request).readAnswer();
    }
  }

  private void assertProblem(String request, int status, String attribute) throws IOException {
    JsonNode problem = problem(answer(request), status);
    assertThat(problem.path("attribute").asText()).as("%s", problem).isEqualTo(attribute);
    assertThat(problem.path("detail").asText()).isNotBlank();
    assertThat(delivered).isEmpty();
  }

  private static JsonNode problem(String answer, int status) throws IOException {
    assertThat(answer).startsWith("HTTP/1.1 " + status).contains("application/problem+json");
    JsonNode problem = new JsonMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    return problem;
  }
}

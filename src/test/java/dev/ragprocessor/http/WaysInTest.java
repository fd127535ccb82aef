package dev.ragprocessor.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole requests as they arrive on each way, byte for byte: the same finalized object, whoever
 * brings it. The forms are those that Google documents and that others have captured.
 */
class WaysInTest {
  private static final String OBJECT =
      """
      {"kind":"storage#object","id":"b/docs/Helvétios.pdf/1666190425669022",\
      "name":"docs/Helvétios.pdf","bucket":"b","generation":"1666190425669022",\
      "metageneration":"1","contentType":"application/pdf","size":"1234",\
      "crc32c":"rth90Q==","etag":"CJ6L","timeCreated":"2022-10-19T14:40:25.670Z"}\
      """;
  private static final String SOURCE = "//storage.googleapis.com/projects/_/buckets/b";
  private static final String FINALIZED = "google.cloud.storage.object.v1.finalized";
  private static final String BINARY =
      """
      ce-id: 6031255652220627
      ce-source: //storage.googleapis.com/projects/_/buckets/b
      ce-specversion: 1.0
      ce-type: google.cloud.storage.object.v1.finalized
      ce-time: 2022-10-19T14:40:25.678152Z
      ce-bucket: b
      """;
  private static final String CLOUD_RUN =
      """
      accept: application/json
      from: noreply@google.com
      user-agent: APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)
      x-cloud-trace-context: 105445aa7843bc8bf206b12000100000/1;o=1
      x-forwarded-for: 66.102.6.171
      x-forwarded-proto: https
      forwarded: for="66.102.6.171";proto=https
      accept-encoding: gzip, deflate, br
      """;
  private static final String NOTIFICATION =
      """
      "attributes":{"eventType":"OBJECT_FINALIZE","bucketId":"b","objectId":"docs/Helvétios.pdf",\
      "objectGeneration":"1666190425669022","payloadFormat":"JSON_API_V1",\
      "eventTime":"2022-10-19T14:40:25.678152Z",\
      "notificationConfig":"projects/_/buckets/b/notificationConfigs/3",\
      "overwroteGeneration":"1666190425660000"},\
      "messageId":"6031255652220627","message_id":"6031255652220627",\
      "publishTime":"2022-10-19T14:40:25.7Z","publish_time":"2022-10-19T14:40:25.7Z"\
      """;

  private final List<StorageEvent> delivered = new CopyOnWriteArrayList<>();
  private RunningGateway server;

  @BeforeEach
  void start() {
    server =
        RunningGateway.with(
            event -> {
              delivered.add(event);
              return new Outcome.Deleted();
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> ways() {
    String data = Base64.getEncoder().encodeToString(OBJECT.getBytes(UTF_8));
    String published =
        "{\"subscription\":\"projects/p/subscriptions/s\",\"message\":{\"data\":\"%s\",%s}}"
            .formatted(data, NOTIFICATION);
    return Stream.of(
        Arguments.of(
            "Eventarc's forwarder on GKE",
            request(
                "/",
                BINARY + "ce-subject: objects/docs/Helvétios.pdf\ncontent-type: application/json\n",
                OBJECT)),
        Arguments.of(
            "Eventarc's push to Cloud Run",
            request(
                "/?__GCP_CloudEventsMode=GCS_NOTIFICATION",
                CLOUD_RUN
                    + BINARY
                    + "ce-subject: objects/docs/Helvétios.pdf\ncontent-type: application/json\n",
                OBJECT)),
        Arguments.of(
            "its raw body, where a value cannot be a header",
            request(
                "/?__GCP_CloudEventsMode=GCS_NOTIFICATION",
                CLOUD_RUN + "content-type: application/json\n",
                ("{\"message\":{\"attributes\":{\"ce-id\":\"6031255652220627\","
                        + "\"ce-source\":\"%s\",\"ce-specversion\":\"1.0\",\"ce-type\":\"%s\","
                        + "\"ce-subject\":\"objects/docs/Helvétios.pdf \","
                        + "\"ce-datacontenttype\":\"application/json\"},\"data\":\"%s\","
                        + "\"messageId\":\"1\",\"message_id\":\"1\"},"
                        + "\"subscription\":\"projects/p/subscriptions/s\"}")
                    .formatted(SOURCE, FINALIZED, data))),
        Arguments.of(
            "Eventarc's trigger of a topic that carries notifications",
            request(
                "/?__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects%2Fp%2Ftopics%2Ft",
                """
                ce-id: 6031255652220627
                ce-source: //pubsub.googleapis.com/projects/p/topics/t
                ce-specversion: 1.0
                ce-type: google.cloud.pubsub.topic.v1.messagePublished
                content-type: application/json
                """,
                published)),
        Arguments.of(
            "a push subscription of Pub/Sub's own",
            request("/events", "content-type: application/json\n", published)),
        Arguments.of(
            "a push subscription's notification without payload",
            request(
                "/",
                "content-type: application/json\n",
                "{\"subscription\":\"projects/p/subscriptions/s\",\"message\":{%s}}"
                    .formatted(NOTIFICATION.replace("JSON_API_V1", "NONE")))),
        Arguments.of(
            "Eventarc Advanced's pipeline",
            request(
                "/events",
                BINARY + "ce-datacontentencoding: utf-8\ncontent-type: application/json\n",
                OBJECT)),
        Arguments.of(
            "a pipeline whose message binding makes a structured event",
            request("/", "content-type: application/cloudevents+json; charset=utf-8\n", event())),
        Arguments.of(
            "a batch",
            request(
                "/", "content-type: application/cloudevents-batch+json\n", "[" + event() + "]")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void the_same_object_comes_in(String way, String request) throws IOException {
    assertThat(answer(request)).as(way).startsWith("HTTP/1.1 204");
    assertThat(delivered)
        .singleElement()
        .isInstanceOfSatisfying(
            StorageEvent.Finalized.class,
            finalized -> {
              assertThat(finalized.object().object().path()).isEqualTo("gs://b/docs/Helvétios.pdf");
              assertThat(finalized.object().object().generation()).isEqualTo(1666190425669022L);
            });
  }

  @Test
  void data_in_protobuf_are_refused_so_that_the_trigger_is_mended() throws IOException {
    assertThat(answer(request("/", BINARY + "content-type: application/protobuf\n", "x")))
        .startsWith("HTTP/1.1 415")
        .contains("An event's data must be JSON");
    assertThat(delivered).isEmpty();
  }

  private String answer(String request) throws IOException {
    try (RawClient client = server.raw()) {
      client.bytes(new String(request.getBytes(UTF_8), ISO_8859_1)); // its bytes as they are
      return client.readAnswer();
    }
  }

  private static String event() {
    return ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"%s\",\"type\":\"%s\","
            + "\"datacontenttype\":\"application/json\",\"subject\":\"objects/x\",\"data\":%s}")
        .formatted(SOURCE, FINALIZED, OBJECT);
  }

  private static String request(String target, String headers, String body) {
    return "POST %s HTTP/1.1\nhost: rag-processor.rag.svc.cluster.local\n%scontent-length: %d\n\n"
            .formatted(target, headers, body.getBytes(UTF_8).length)
            .replace("\n", "\r\n")
        + body;
  }
}

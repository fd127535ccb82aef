package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.ragprocessor.testing.PubSubStandIn;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code replay} between a Pub/Sub stand-in and the whole program, over real HTTP. */
class ReplayCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What dead-lettering adds to a message (Pub/Sub, "Dead-letter topics"). */
  private static final Map<String, String> DEAD_LETTER =
      Map.of(
          "CloudPubSubDeadLetterSourceDeliveryCount", "5",
          "CloudPubSubDeadLetterSourceSubscription", "eventarc-europe-west1-rag-finalized-sub-7",
          "CloudPubSubDeadLetterSourceSubscriptionProject", "mill-1");

  @TempDir static Path directory;
  private static Running running;
  private PubSubStandIn pubsub;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void serve() throws SQLException, IOException {
    running =
        Running.over(
            TestDatabases.create(),
            directory,
            Map.of("embedder.kind", "stub", "bucket.watch", "false"));
  }

  @AfterAll
  static void end() {
    running.close();
  }

  @BeforeEach
  void start() throws IOException {
    pubsub = new PubSubStandIn(Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    pubsub.close();
  }

  @Test
  void what_died_on_its_way_is_delivered_and_acknowledged_in_each_of_its_forms()
      throws IOException {
    running.drop("noted.txt", "Noted.".getBytes(UTF_8));
    running.drop("ends with a space ", "Eventarc could not make it a header.".getBytes(UTF_8));
    running.drop("bare.txt", "A notification without payload.".getBytes(UTF_8));
    pubsub.publish(
        Running.object("noted.txt", 7).getBytes(UTF_8), notification("noted.txt", "JSON_API_V1"));
    pubsub.publish(new byte[0], notification("bare.txt", "NONE"));
    pubsub.publish(
        Running.object("ends with a space ", 7).getBytes(UTF_8),
        event("ends with a space ", "google.cloud.storage.object.v1.finalized"));
    pubsub.publish("Hello.".getBytes(UTF_8), Map.of("of", "somebody else"));

    assertThat(replay()).as(out + "\n" + err).isEqualTo(Exit.DONE);

    assertThat(out.toString()).contains("4 messages: 4 taken, 0 malformed (left), 0 not taken");
    assertThat(pubsub.unacknowledged()).isEmpty();
    for (String name : List.of("noted.txt", "ends with a space ", "bare.txt")) {
      assertThat(running.ended(name).status()).as(name).isEqualTo("processed");
    }
  }

  @Test
  void a_malformed_message_is_told_and_left_unless_it_is_to_be_discarded() {
    Map<String, String> broken = new HashMap<>(notification("lost.txt", "NONE"));
    broken.put("objectGeneration", "yesterday");
    String id = pubsub.publish(new byte[0], broken);
    pubsub.publish("Hello.".getBytes(UTF_8), Map.of());

    assertThat(replay()).isEqualTo(Exit.FAILED);

    assertThat(out.toString())
        .contains(
            "message " + id + " (gs://letters/lost.txt): 400 message.attributes.objectGeneration: ")
        .contains("2 messages: 1 taken, 1 malformed (left), 0 not taken");
    assertThat(pubsub.unacknowledged()).containsExactly(id);
    assertThat(pubsub.free()).as("given back, not leased to a program that has ended").isOne();

    assertThat(replay("--discard")).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("0 taken, 1 malformed (discarded)");
    assertThat(pubsub.unacknowledged()).isEmpty();
  }

  @Test
  void no_more_messages_are_touched_than_were_asked_for() {
    for (int message = 0; message < 40; message++) {
      pubsub.publish("Hello.".getBytes(UTF_8), Map.of());
    }
    assertThat(replay("--limit", "25")).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("25 messages: 25 taken");
    assertThat(pubsub.unacknowledged()).hasSize(15);
    assertThat(pubsub.free()).isEqualTo(15);
  }

  @Test
  void a_busy_service_is_asked_again_and_one_that_stays_so_ends_it_with_nothing_lost()
      throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (Door busy = new Door(() -> asked.incrementAndGet() <= 2 ? 429 : 204)) {
      pubsub.publish("Hello.".getBytes(UTF_8), Map.of());
      assertThat(replayTo(busy.address())).isEqualTo(Exit.DONE);
      assertThat(asked).hasValue(3);
      assertThat(pubsub.unacknowledged()).isEmpty();
    }
    try (Door gone = new Door(() -> 503)) {
      String id = pubsub.publish("Hello.".getBytes(UTF_8), Map.of());
      assertThat(replayTo(gone.address())).isEqualTo(Exit.FAILED);
      assertThat(out.toString()).contains("message " + id + ": not taken: 503", "1 not taken");
      assertThat(pubsub.unacknowledged()).containsExactly(id);
      assertThat(pubsub.free()).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {203, 302, 401, 403, 404, 418})
  void only_the_services_own_acceptance_acknowledges(int status) throws IOException {
    try (Door other = new Door(() -> status)) {
      String id = pubsub.publish("Hello.".getBytes(UTF_8), Map.of());
      assertThat(replayTo(other.address())).isEqualTo(Exit.UNAVAILABLE);
      assertThat(pubsub.unacknowledged()).containsExactly(id);
    }
  }

  @Test
  void without_a_service_nothing_is_lost() {
    String id = pubsub.publish("Hello.".getBytes(UTF_8), Map.of());
    assertThat(replayTo(URI.create("http://127.0.0.1:1"))).isEqualTo(Exit.UNAVAILABLE);
    assertThat(err.toString()).contains("no service takes deliveries at http://127.0.0.1:1/events");
    assertThat(pubsub.unacknowledged()).containsExactly(id);
    assertThat(pubsub.free()).isOne();
  }

  @Test
  void a_subscription_that_is_not_there_is_told() {
    assertThat(
            run(
                "replay",
                "projects/mill-1/subscriptions/other",
                "--endpoint",
                pubsub.endpoint().toString()))
        .isEqualTo(Exit.UNAVAILABLE);
    assertThat(err.toString())
        .contains("projects/mill-1/subscriptions/other", "there is no such subscription");
    assertThat(run("replay", "projects/mill-1/subscriptions/?")).isEqualTo(Exit.USAGE);
  }

  @Test
  void a_file_of_messages_is_delivered_line_by_line() throws IOException {
    running.drop("pulled.txt", "Pulled.".getBytes(UTF_8));
    running.drop("structured.txt", "Structured.".getBytes(UTF_8));
    String message =
        JSON.createObjectNode()
            .put("data", base64(Running.object("pulled.txt", 7)))
            .put("messageId", "1")
            .set("attributes", JSON.valueToTree(notification("pulled.txt", "JSON_API_V1")))
            .toString();
    Path file =
        Files.writeString(
            directory.resolve("letters.jsonl"),
            String.join(
                "\n",
                "{\"ackId\":\"a\",\"message\":" + message + "}",
                "",
                message,
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":"
                    + "\"google.cloud.storage.object.v1.finalized\",\"data\":"
                    + Running.object("structured.txt", 7)
                    + "}",
                "not JSON"));

    assertThat(run("replay", file.toString())).isEqualTo(Exit.FAILED);

    assertThat(out.toString())
        .contains("line 5: 400 body: ")
        .contains("4 messages: 3 taken, 1 malformed (left), 0 not taken");
    assertThat(running.ended("pulled.txt").status()).isEqualTo("processed");
    assertThat(running.ended("structured.txt").status()).isEqualTo("processed");

    assertThat(run("replay", directory.resolve("none.jsonl").toString())).isEqualTo(Exit.USAGE);
    assertThat(run("replay", file.toString(), "--limit", "0")).isEqualTo(Exit.USAGE);
  }

  private static Map<String, String> notification(String name, String payloadFormat) {
    Map<String, String> attributes = new HashMap<>(DEAD_LETTER);
    attributes.put("eventType", "OBJECT_FINALIZE");
    attributes.put("bucketId", Running.BUCKET);
    attributes.put("objectId", name);
    attributes.put("objectGeneration", "7");
    attributes.put("payloadFormat", payloadFormat);
    attributes.put("eventTime", "2026-03-01T08:00:00.000000Z");
    attributes.put("notificationConfig", "projects/_/buckets/letters/notificationConfigs/3");
    return attributes;
  }

  private static Map<String, String> event(String name, String type) {
    Map<String, String> attributes = new HashMap<>(DEAD_LETTER);
    attributes.put("ce-specversion", "1.0");
    attributes.put("ce-id", "6031255652220627");
    attributes.put("ce-source", "//storage.googleapis.com/projects/_/buckets/" + Running.BUCKET);
    attributes.put("ce-type", type);
    attributes.put("ce-subject", "objects/" + name);
    attributes.put("ce-datacontenttype", "application/json");
    return attributes;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private int replay(String... more) {
    return replayTo(running.application().address(), more);
  }

  private int replayTo(URI service, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("replay", PubSubStandIn.NAME, "--endpoint", pubsub.endpoint().toString()));
    line.addAll(List.of("--wait", "200 ms", "--url", service.toString()));
    line.addAll(List.of(more));
    return execute(line);
  }

  private int run(String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(List.of("--url", running.application().address().toString()));
    return execute(line);
  }

  private int execute(List<String> line) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, Map.of());
    return RagProcessor.commandLine(terminal).execute(line.toArray(String[]::new));
  }

  /** Something at an address that answers every delivery with a status of the test's choice. */
  private static final class Door implements AutoCloseable {
    private final HttpServer server;

    Door(java.util.function.IntSupplier status) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/events",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(status.getAsInt(), -1);
            }
          });
      server.start();
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}

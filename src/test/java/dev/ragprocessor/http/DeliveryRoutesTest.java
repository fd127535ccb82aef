package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.ingest.Failure;
import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryRoutesTest {
  private final ConcurrentLinkedQueue<StorageEvent> delivered = new ConcurrentLinkedQueue<>();
  private volatile Function<StorageEvent, Outcome> outcome = _ -> new Outcome.Deleted();
  private RunningGateway server;

  @BeforeEach
  void start() {
    server =
        RunningGateway.with(
            event -> {
              delivered.add(event);
              return outcome.apply(event);
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> outcomes() {
    return Stream.of(
        Arguments.of(new Outcome.Processed(UUID.randomUUID(), 3), 204, ""),
        Arguments.of(new Outcome.Deleted(), 204, ""),
        Arguments.of(new Outcome.Duplicate(), 204, ""),
        Arguments.of(new Outcome.Superseded(), 204, ""),
        Arguments.of(new Outcome.Ignored("not our bucket"), 204, ""),
        Arguments.of(new Outcome.Rejected("corrupt"), 204, ""),
        Arguments.of(new Outcome.Accepted(UUID.randomUUID()), 202, ""),
        Arguments.of(notTaken(new Failure.Saturated("full", Duration.ofSeconds(3))), 429, "3"),
        Arguments.of(notTaken(new Failure.Saturated("full", Duration.ofMillis(1))), 429, "1"),
        Arguments.of(notTaken(new Failure.Retryable("away", Duration.ofMillis(6_500))), 503, "7"),
        Arguments.of(notTaken(new Failure.Retryable("away", Duration.ZERO)), 503, "10"),
        Arguments.of(notTaken(new Failure.Misconfigured("no such column")), 503, "60"),
        Arguments.of(notTaken(new Failure.Permanent("unrecorded")), 503, "60"));
  }

  private static Outcome notTaken(Failure failure) {
    return new Outcome.NotTaken(failure);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void answers_each_outcome_as_the_contract_says(Outcome result, int status, String retryAfter) {
    outcome = _ -> result;
    HttpResponse<String> answer = server.send(server.event("finalized"));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("retry-after").orElse("")).isEqualTo(retryAfter);
    if (status < 300) {
      assertThat(answer.body()).isEmpty();
    } else {
      assertProblem(answer, status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/events", "/?__GCP_CloudEventsMode=GCS_NOTIFICATION", "/events?a=b&c"})
  void takes_events_at_both_paths_whatever_the_query(String path) {
    HttpRequest event = server.event("deleted").build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(event, (_, _) -> true).uri(server.request(path).build().uri());
    assertThat(server.send(request).statusCode()).isEqualTo(204);
    assertThat(delivered)
        .singleElement()
        .isInstanceOfSatisfying(
            StorageEvent.Deleted.class,
            deleted ->
                assertThat(deleted.object().object().name()).isEqualTo("docs/Helvétios.pdf"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"})
  void other_methods_are_told_which_one_is_allowed(String method) {
    for (String path : List.of("/", "/events")) {
      HttpResponse<String> answer =
          server.send(server.request(path).method(method, BodyPublishers.noBody()));
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).hasValue("POST");
    }
  }

  @Test
  void an_unknown_path_is_a_problem() throws IOException {
    assertProblem(server.send(server.request("/nowhere")), 404);
  }

  @Test
  void a_malformed_event_is_a_problem_that_names_the_attribute() throws IOException {
    HttpResponse<String> answer =
        server.send(
            server
                .event("finalized")
                .POST(BodyPublishers.ofString("{\"bucket\":\"b\",\"name\":\"n\"}")));
    assertThat(assertProblem(answer, 400).path("attribute").asText()).isEqualTo("data.generation");
    HttpResponse<String> noEvent =
        server.send(server.request("/").POST(BodyPublishers.ofString("{}")));
    assertThat(assertProblem(noEvent, 400).path("attribute").asText()).isEqualTo("id");
    assertThat(delivered).isEmpty();
  }

  @Test
  void another_format_is_unsupported() throws IOException {
    HttpResponse<String> answer =
        server.send(
            server
                .request("/")
                .header("content-type", "application/cloudevents+avro")
                .POST(BodyPublishers.ofString("x")));
    assertProblem(answer, 415);
  }

  @Test
  void another_type_of_event_is_acknowledged() {
    assertThat(server.send(server.event("initialized")).statusCode()).isEqualTo(204);
    assertThat(delivered).isEmpty();
  }

  @Test
  void a_bug_is_a_problem_without_its_message() throws IOException {
    outcome =
        _ -> {
          throw new IllegalStateException("secret");
        };
    HttpResponse<String> answer = server.send(server.event("finalized"));
    assertProblem(answer, 500);
    assertThat(answer.body()).contains("urn:uuid:").doesNotContain("secret", "IllegalState");
  }

  @Test
  void the_events_of_a_batch_run_at_once() {
    CyclicBarrier together = new CyclicBarrier(3);
    outcome =
        _ -> {
          try {
            together.await(5, TimeUnit.SECONDS);
            return new Outcome.Deleted();
          } catch (Exception failure) {
            throw new IllegalStateException(failure);
          }
        };
    assertThat(server.send(batch(event(1), event(2), event(3))).statusCode()).isEqualTo(204);
  }

  @Test
  void a_batch_is_answered_with_its_worst_and_every_event_is_told() throws IOException {
    outcome =
        event ->
            event.object().object().generation() == 2
                ? new Outcome.Accepted(UUID.randomUUID())
                : new Outcome.Deleted();
    assertThat(server.send(batch(event(1), event(2))).statusCode()).isEqualTo(202);
    HttpResponse<String> malformed = server.send(batch(event(1), "{}", event(2)));
    JsonNode events = assertProblem(malformed, 400).path("events");
    assertThat(events.findValuesAsText("status")).containsExactly("204", "400", "202");
    assertThat(events.path(1).path("attribute").asText()).isEqualTo("specversion");
    assertThat(delivered).as("the good events were taken").hasSize(4);
    outcome = _ -> notTaken(new Failure.Retryable("away", Duration.ofSeconds(4)));
    HttpResponse<String> away = server.send(batch(event(1), "{}"));
    assertProblem(away, 503);
    assertThat(away.headers().firstValue("retry-after")).hasValue("4");
  }

  @Test
  void an_empty_batch_is_done_and_a_huge_one_refused() throws IOException {
    assertThat(server.send(batch()).statusCode()).isEqualTo(204);
    String[] many = Stream.generate(() -> "{}").limit(101).toArray(String[]::new);
    assertProblem(server.send(batch(many)), 413);
  }

  @Test
  void a_draining_process_sends_events_elsewhere() throws IOException {
    server.gateway().drain();
    HttpResponse<String> answer = server.send(server.event("finalized"));
    assertProblem(answer, 503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("10");
    assertThat(delivered).isEmpty();
  }

  @Test
  void a_leaving_process_is_unready_and_takes_events_as_their_connections_last()
      throws IOException {
    server.gateway().leave();
    assertThat(server.send(server.adminRequest("/health/ready")).statusCode()).isEqualTo(503);
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "Content-Length: " + RawClient.BODY.length() + "\n\n")
          .bytes(RawClient.BODY);
      assertThat(client.readAll()).startsWith("HTTP/1.1 204").contains("Connection: close");
    }
    assertThat(delivered).hasSize(1);
  }

  @Test
  void beyond_the_limit_deliveries_are_refused_at_once_and_the_limit_recovers() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    outcome =
        _ -> {
          inside.countDown();
          try {
            assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          return new Outcome.Deleted();
        };
    // Two bodies of unknown length reserve the largest each, which is all there is.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> waiting =
          Stream.generate(() -> threads.submit(() -> server.send(chunked()).statusCode()))
              .limit(2)
              .toList();
      assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> refused = server.send(server.event("finalized"));
      assertProblem(refused, 429);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("5");
      go.countDown();
      for (Future<Integer> one : waiting) {
        assertThat(one.get()).isEqualTo(204);
      }
    }
    assertThat(server.send(server.event("finalized")).statusCode()).isEqualTo(204);
  }

  @Test
  void the_bytes_of_bodies_are_a_limit_of_their_own() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    outcome =
        _ -> {
          inside.countDown();
          try {
            assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          return new Outcome.Deleted();
        };
    int large = 50 * 1024; // two of them are allowed, three are not
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> waiting =
          Stream.generate(() -> threads.submit(() -> server.send(padded(large)).statusCode()))
              .limit(2)
              .toList();
      assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(deliveryBytes()).isEqualTo(2.0 * large);
      assertProblem(server.send(padded(large)), 429);
      // A small one still fits; its event would wait as well, so that it is malformed.
      assertProblem(server.send(server.event("finalized").POST(BodyPublishers.ofString("x"))), 400);
      go.countDown();
      for (Future<Integer> one : waiting) {
        assertThat(one.get()).isEqualTo(204);
      }
    }
    assertThat(deliveryBytes()).isZero();
  }

  @Test
  void deliveries_that_break_off_or_are_refused_give_their_bytes_back() throws IOException {
    for (int round = 0; round < 20; round++) {
      try (RawClient client = server.raw()) {
        client.lines(RawClient.EVENT_HEADERS + "Content-Length: 50000\n\n").bytes("{");
      }
      assertProblem(server.send(server.event("finalized").POST(BodyPublishers.ofString("x"))), 400);
    }
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> deliveryBytes() == 0);
    assertThat(server.send(padded(50 * 1024)).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/cloudevents+json"})
  void json_that_is_nested_without_end_is_malformed(String contentType) throws IOException {
    String nested = "{\"bucket\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
    HttpResponse<String> answer = server.send(server.event("finalized", contentType, nested));
    assertProblem(answer, 400);
    HttpResponse<String> objects =
        server.send(server.event("finalized", contentType, "{\"a\":".repeat(10_000)));
    assertProblem(objects, 400);
    assertThat(delivered).isEmpty();
  }

  @Test
  void a_number_of_many_digits_is_malformed_and_costs_nothing() throws IOException {
    long begun = System.nanoTime();
    String digits = "{\"bucket\":\"b\",\"name\":\"n\",\"generation\":" + "9".repeat(60_000) + "}";
    assertProblem(server.send(server.event("finalized", "application/json", digits)), 400);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void a_second_delivery_on_the_same_connection_is_answered() throws IOException {
    Set<Long> generations = ConcurrentHashMap.newKeySet();
    outcome =
        event -> {
          generations.add(event.object().object().generation());
          return new Outcome.Accepted(UUID.randomUUID());
        };
    try (RawClient client = server.raw()) {
      for (int generation = 1; generation <= 3; generation++) {
        String body = "{\"bucket\":\"b\",\"name\":\"n\",\"generation\":" + generation + "}";
        client
            .lines(RawClient.EVENT_HEADERS + "Content-Length: " + body.length() + "\n\n")
            .bytes(body);
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 202");
      }
    }
    assertThat(generations).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  private HttpRequest.Builder chunked() {
    return server
        .event("finalized")
        .POST(
            BodyPublishers.ofInputStream(
                () ->
                    new java.io.ByteArrayInputStream(
                        RunningGateway.EVENT.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
  }

  /** A delivery whose body has so many bytes. */
  private HttpRequest.Builder padded(int bytes) {
    String event = RunningGateway.EVENT.strip();
    int missing = bytes - event.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    return server.event("finalized").POST(BodyPublishers.ofString(event + " ".repeat(missing)));
  }

  private double deliveryBytes() {
    return server
        .send(server.adminRequest("/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith("rag_http_delivery_bytes "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static String event(int generation) {
    return """
        {"specversion":"1.0","id":"1","source":"s",
         "type":"google.cloud.storage.object.v1.finalized",
         "data":{"bucket":"b","name":"n","generation":%d}}"""
        .formatted(generation);
  }

  private HttpRequest.Builder batch(String... events) {
    return server
        .request("/")
        .header("content-type", "application/cloudevents-batch+json")
        .POST(BodyPublishers.ofString("[" + String.join(",", events) + "]"));
  }

  private static JsonNode assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    try {
      JsonNode problem = new JsonMapper().readTree(answer.body());
      assertThat(problem.path("status").asInt()).isEqualTo(status);
      assertThat(problem.path("type").asText()).isEqualTo("about:blank");
      assertThat(problem.path("title").asText()).isNotBlank();
      assertThat(problem.path("detail").asText()).isNotBlank();
      return problem;
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }
}

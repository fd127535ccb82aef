package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.ingest.Outcome;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Half a request never stays open, however the client goes about it. */
@Timeout(20)
class SlowClientsTest {
  /** The part's time, a second of lingering, and what a busy machine adds. */
  private static final Duration BOUND = RunningGateway.PART.plusSeconds(1).plusSeconds(2);

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private RunningGateway server;

  @BeforeEach
  void start() {
    server =
        RunningGateway.with(
            _ -> {
              inside.countDown();
              try {
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
              return new Outcome.Deleted();
            });
  }

  @AfterEach
  void stop() {
    go.countDown();
    server.close();
  }

  @Test
  void a_silent_connection_is_closed_without_a_word() throws IOException {
    assertThat(timed("")).isEmpty();
  }

  @Test
  void half_a_request_line_is_answered_with_timeout() throws IOException {
    assertThat(timed("POST /ev")).startsWith("HTTP/1.1 408").contains("problem+json");
  }

  @Test
  void half_sent_headers_are_answered_with_timeout() throws IOException {
    assertThat(timed(RawClient.EVENT_HEADERS + "x-half: ")).startsWith("HTTP/1.1 408");
  }

  @Test
  void half_a_body_is_answered_with_timeout() throws IOException {
    assertThat(timed(RawClient.EVENT_HEADERS + "Content-Length: 100\n\n{\"bucket\":"))
        .startsWith("HTTP/1.1 408")
        .contains("problem+json");
  }

  @Test
  void half_a_chunk_is_answered_with_timeout() throws IOException {
    assertThat(timed(RawClient.EVENT_HEADERS + "Transfer-Encoding: chunked\n\n50\n{"))
        .startsWith("HTTP/1.1 408");
  }

  @Test
  void a_byte_now_and_then_buys_no_time() throws Exception {
    try (RawClient client = server.raw();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long begun = System.nanoTime();
      client.lines(RawClient.EVENT_HEADERS + "Content-Length: 1000\n\n");
      Future<String> answer = threads.submit(client::readAnswer);
      Awaitility.await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(BOUND)
          .until(
              () -> {
                client.bytes("x");
                return answer.isDone();
              });
      assertThat(answer.get()).startsWith("HTTP/1.1 408");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND);
    }
  }

  @Test
  void connections_that_say_nothing_leave_nothing_behind() throws IOException {
    for (int probe = 0; probe < 50; probe++) {
      server.raw().close();
    }
    Awaitility.await()
        .atMost(BOUND)
        .untilAsserted(
            () -> {
              assertThat(server.gateway().unclaimedSockets()).isZero();
              assertThat(server.send(server.adminRequest("/metrics")).body())
                  .contains("rag_http_connections 0.0");
            });
  }

  @Test
  void a_client_that_does_not_take_its_answer_loses_its_connection() throws Exception {
    byte[] more = new byte[64 << 20]; // than the buffers of two kernels hold
    CompletableFuture<Duration> written = new CompletableFuture<>();
    HttpService large =
        rules ->
            rules.get(
                "/large",
                (request, response) -> {
                  long begun = System.nanoTime();
                  try {
                    Answers.content(request, response, Status.OK_200, "text/plain", more);
                  } finally {
                    written.complete(Duration.ofNanos(System.nanoTime() - begun));
                  }
                });
    try (RunningGateway other =
            RunningGateway.with(
                RunningGateway.settings(new Authentication.LoopbackOnly()),
                _ -> new Outcome.Deleted(),
                large);
        RawClient client = other.raw()) {
      client.lines("GET /large HTTP/1.1\nHost: localhost\n\n");
      assertThat(written.get(10, TimeUnit.SECONDS))
          .isBetween(RunningGateway.PART, RunningGateway.PART.plusSeconds(2));
      Awaitility.await()
          .atMost(BOUND)
          .untilAsserted(
              () ->
                  assertThat(other.send(other.adminRequest("/metrics")).body())
                      .contains("rag_http_connections 0.0"));
      assertThat(client.drain()).isLessThan(more.length);
    }
  }

  @Test
  void a_kept_connection_ends_when_it_is_idle_for_long() throws IOException {
    go.countDown();
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "Content-Length: " + RawClient.BODY.length() + "\n\n")
          .bytes(RawClient.BODY);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 204");
      long begun = System.nanoTime();
      assertThat(client.readAll()).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThan(Duration.ofSeconds(1))
          .isLessThan(RunningGateway.LIMITS.idleTime().plusSeconds(2));
    }
  }

  @Test
  void slow_clients_do_not_keep_others_out() throws IOException {
    go.countDown();
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int clients = 0; clients < 8; clients++) {
        slow.add(
            server.raw().lines(RawClient.EVENT_HEADERS + "Content-Length: 100\n\n").bytes("{"));
      }
      Awaitility.await()
          .atMost(BOUND)
          .until(() -> server.send(server.event("finalized")).statusCode() == 204);
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void closing_ends_idle_connections_at_once_and_lets_a_delivery_finish() throws Exception {
    try (RawClient idle = server.raw();
        RawClient busy = server.raw();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      idle.lines("GET / HTTP/1.1\nHost: localhost\n\n");
      assertThat(idle.readAnswer()).startsWith("HTTP/1.1 405");
      busy.lines(RawClient.EVENT_HEADERS + "Content-Length: " + RawClient.BODY.length() + "\n\n")
          .bytes(RawClient.BODY);
      assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
      long begun = System.nanoTime();
      Future<?> closing = threads.submit(() -> server.gateway().close());
      assertThat(idle.readAll()).isEmpty();
      go.countDown();
      assertThat(busy.readAll()).startsWith("HTTP/1.1 204").contains("close");
      closing.get();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(RunningGateway.LIMITS.shutdownGrace());
    }
  }

  private String timed(String request) throws IOException {
    long begun = System.nanoTime();
    try (RawClient client = server.raw()) {
      String answer = client.lines(request).readAll();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND);
      return answer;
    }
  }
}

package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no HTTP client sends, over raw sockets to the pinned Helidon. */
@Timeout(20)
class RawRequestsTest {
  /** A refused client may go on for a second; the rest is the machine's. */
  private static final Duration PROMPT = Duration.ofSeconds(4);

  private final ConcurrentLinkedQueue<StorageEvent> delivered = new ConcurrentLinkedQueue<>();
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

  @Test
  void raw_bytes_in_optional_headers_lose_nothing() throws IOException {
    String utf8 =
        new String(
            "objects/Helvétios.txt".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    String answer = sent("ce-subject: " + utf8 + "\nce-other: \u00ff\u0080\n", RawClient.BODY);
    assertThat(answer).startsWith("HTTP/1.1 204");
    assertThat(delivered)
        .singleElement()
        .satisfies(event -> assertThat(event.object().object().name()).isEqualTo("a.txt"));
  }

  @Test
  void raw_bytes_in_a_required_header_are_malformed_and_named() throws IOException {
    try (RawClient client = server.raw()) {
      client
          .lines(
              RawClient.EVENT_HEADERS.replace("ce-id: 1", "ce-id: \u00c3\u00a9")
                  + length(RawClient.BODY))
          .bytes(RawClient.BODY);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 400").contains("\"attribute\":\"id\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 43\nContent-Length: 43\n",
        "Content-Length: 43\nContent-Length: 44\n",
        "Content-Length: 43, 43\n",
        "Content-Length: -1\n",
        "Content-Length: +43\n",
        "Content-Length: 43\nTransfer-Encoding: chunked\n",
        "Transfer-Encoding: gzip, chunked\n",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
        "Transfer-Encoding: Chunked\n",
        "Content-Length: x\n",
        "Content-Length: \n",
        "Content-Length: 99999999999999999999\n"
      })
  void a_body_whose_end_is_in_doubt_is_refused_and_its_connection_ends(String framing)
      throws IOException {
    try (RawClient client = server.raw()) {
      // In one piece: the connection may have ended before another one is sent.
      client.lines(
          RawClient.EVENT_HEADERS
              + framing
              + "\n"
              + RawClient.BODY
              + "GET /smuggled HTTP/1.1\nHost: localhost\n\n");
      String answers = client.readAll();
      assertThat(answers).startsWith("HTTP/1.1 400").contains("application/problem+json");
      assertThat(answers.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
    }
    assertThat(delivered).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "-5\r\n{}\r\n0\r\n\r\n",
        "5;x=y\r\n{   }\r\n0\r\n\r\n",
        "\r\n",
        "2\n{}\n0\n\n",
        "2\r\n{}\r\n0\r\nnot the end\r\n\r\n",
      })
  void malformed_chunks_are_a_client_error(String chunks) throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + "Transfer-Encoding: chunked\n\n").bytes(chunks);
      assertThat(client.readAll()).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }
    assertThat(delivered).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 100\n\n{\"bucket\"", "Transfer-Encoding: chunked\n\n5\n{"})
  void a_truncated_body_is_a_client_error(String rest) throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + rest).end();
      assertThat(client.readAll()).startsWith("HTTP/1.1 400").contains("\"attribute\":\"body\"");
    }
    assertThat(delivered).isEmpty();
  }

  @Test
  void a_body_in_chunks_is_read() throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + "Transfer-Encoding: chunked\n\n");
      for (int at = 0; at < RawClient.BODY.length(); at++) {
        client.bytes("1\r\n" + RawClient.BODY.charAt(at) + "\r\n");
      }
      client.bytes("0\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 204");
    }
    assertThat(delivered).hasSize(1);
  }

  @Test
  void a_body_over_the_limit_is_refused_before_it_is_sent() throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + "Content-Length: 300000000\n\n").bytes("{");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413").contains("close");
    }
  }

  @Test
  void a_body_over_the_limit_that_is_sent_all_the_same_does_not_hide_the_answer()
      throws IOException {
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "Content-Length: 1000000\n\n")
          .bytes("x".repeat(1_000_000))
          .end();
      assertThat(client.readAll()).startsWith("HTTP/1.1 413").contains("application/problem+json");
    }
  }

  @Test
  void a_chunked_body_over_the_limit_is_refused() throws IOException {
    String chunk = "2710\r\n" + "x".repeat(10_000) + "\r\n";
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "Transfer-Encoding: chunked\n\n")
          .bytes(chunk.repeat(20) + "0\r\n\r\n")
          .end();
      assertThat(client.readAll()).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void one_endless_chunk_is_not_kept_in_memory() throws IOException {
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "Transfer-Encoding: chunked\n\n7fffffff\n")
          .bytes("x".repeat(1_000_000))
          .end();
      assertThat(client.readAll()).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void a_refusal_leaves_the_connection_usable_when_the_body_is_small() throws IOException {
    try (RawClient client = server.raw()) {
      client.lines("PUT / HTTP/1.1\nHost: localhost\n" + length(RawClient.BODY));
      client.bytes(RawClient.BODY);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 405").contains("keep-alive");
      client.lines(RawClient.EVENT_HEADERS + length(RawClient.BODY)).bytes(RawClient.BODY);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 204");
    }
  }

  @Test
  void a_refusal_waits_a_second_at_most_for_a_body_that_does_not_come() throws IOException {
    long begun = System.nanoTime();
    try (RawClient client = server.raw()) {
      client.lines("PUT / HTTP/1.1\nHost: localhost\nContent-Length: 100\n\n").bytes("{");
      assertThat(client.readAll()).startsWith("HTTP/1.1 405").contains("close");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
  }

  @Test
  void expect_continue_is_answered_and_a_refusal_comes_without_the_body() throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + "Expect: 100-continue\n" + length(RawClient.BODY));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 100");
      assertThat(client.bytes(RawClient.BODY).readAnswer()).startsWith("HTTP/1.1 204");
    }
    try (RawClient client = server.raw()) {
      client.lines("PUT / HTTP/1.1\nHost: localhost\nExpect: 100-continue\nContent-Length: 5\n\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 405").contains("close");
    }
  }

  @Test
  void connection_close_ends_the_connection_at_once() throws IOException {
    long begun = System.nanoTime();
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "Connection: close\n" + length(RawClient.BODY))
          .bytes(RawClient.BODY);
      assertThat(client.readAll()).startsWith("HTTP/1.1 204");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isLessThan(RunningGateway.LIMITS.idleTime());
  }

  @Test
  void requests_sent_at_once_are_answered_in_order() throws IOException {
    String request =
        RawClient.EVENT_HEADERS.replace("\n", "\r\n")
            + length(RawClient.BODY).replace("\n", "\r\n")
            + RawClient.BODY;
    try (RawClient client = server.raw()) {
      client.bytes(request.repeat(3) + "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
      for (int answered = 0; answered < 3; answered++) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 204");
      }
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void headers_over_the_limit_are_refused_with_their_status() throws IOException {
    try (RawClient client = server.raw()) {
      client
          .lines(RawClient.EVENT_HEADERS + "x: " + "y".repeat(40_000) + "\n" + length("{}"))
          .bytes("{}");
      assertThat(client.readAll()).startsWith("HTTP/1.1 431").contains("application/problem+json");
    }
    try (RawClient client = server.raw()) {
      client.lines("POST /" + "y".repeat(12_000) + " HTTP/1.1\nHost: localhost\n\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 414");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\n\n",
        "POST / HTTP/1.0\nHost: localhost\n\n",
        "POST / HTTP/1.1\n\n",
        "POST / HTTP/1.1\nHost: a\nHost: b\n\n",
        "POST / HTTP/1.1\nHost: localhost\nx : y\n\n",
        "POST / HTTP/1.1\nHost: localhost\nx: a\n folded\n\n",
        "POST / HTTP/1.1\nHost: localhost\nx: \u0000\n\n",
        "POST / HTTP/1.1\nHost: localhost\nno colon\n\n",
        "\u0016\u0003\u0001\u0002\n\n",
      })
  void what_is_not_http_is_a_client_error(String request) throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(request);
      assertThat(client.readAll()).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }
  }

  private String sent(String headers, String body) throws IOException {
    try (RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + headers + length(body)).bytes(body);
      return client.readAnswer();
    }
  }

  private static String length(String body) {
    return "Content-Length: " + body.length() + "\n\n";
  }
}

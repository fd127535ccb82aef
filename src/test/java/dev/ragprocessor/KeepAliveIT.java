package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestDatabases;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One connection of a sender that keeps it, while events take longer than their answers. */
class KeepAliveIT {
  @TempDir Path directory;

  @Test
  void a_second_delivery_is_answered_while_the_first_that_was_answered_202_still_runs()
      throws SQLException, IOException {
    Map<String, String> slow =
        Map.of(
            "embedder.kind", "stub",
            "embedder.stub.latency", "3 s",
            "ingest.answer-budget", "100 ms",
            "bucket.watch", "false");
    try (Running running = Running.over(TestDatabases.create(), directory, slow)) {
      running.drop("first.txt", "The first takes its time.".getBytes(UTF_8));
      running.drop("second.txt", "And so does the second.".getBytes(UTF_8));
      int port = running.application().address().getPort();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(10_000);
        BufferedReader answers =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

        assertThat(deliver(socket, answers, "finalized", "first.txt"))
            .isEqualTo("HTTP/1.1 202 Accepted");
        assertThat(deliver(socket, answers, "finalized", "second.txt"))
            .isEqualTo("HTTP/1.1 202 Accepted");
        assertThat(deliver(socket, answers, "finalized", "first.txt"))
            .as("a duplicate")
            .isEqualTo("HTTP/1.1 202 Accepted");
        assertThat(deliver(socket, answers, "deleted", "never.txt"))
            .isEqualTo("HTTP/1.1 204 No Content");

        assertThat(statuses(running))
            .as("both were at work all the while")
            .containsExactlyInAnyOrder("processing", "processing");
      }
      assertThat(running.ended("first.txt").status()).isEqualTo("processed");
      assertThat(running.ended("second.txt").status()).isEqualTo("processed");
    }
  }

  private static List<String> statuses(Running running) {
    return running.application().instance().jobs(running.application().tenant(), 10).stream()
        .map(Instance.JobLine::status)
        .toList();
  }

  /** Promises the answer's first line, with the whole answer read. */
  private static String deliver(Socket socket, BufferedReader answers, String type, String name)
      throws IOException {
    String body = Running.object(name, 1);
    String request =
        """
        POST / HTTP/1.1
        host: localhost
        ce-specversion: 1.0
        ce-id: %s-%s
        ce-source: //storage.googleapis.com/projects/_/buckets/letters
        ce-type: google.cloud.storage.object.v1.%s
        content-type: application/json
        content-length: %d

        """
            .formatted(type, name, type, body.length())
            .replace("\n", "\r\n");
    socket.getOutputStream().write((request + body).getBytes(UTF_8));
    String status = answers.readLine();
    String header = answers.readLine();
    while (!header.isEmpty()) { // a 202 and a 204 have no content
      assertThat(header).doesNotContainIgnoringCase("connection: close");
      header = answers.readLine();
    }
    return status;
  }
}

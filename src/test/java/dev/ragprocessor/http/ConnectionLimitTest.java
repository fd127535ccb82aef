package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many connections as are allowed are served, as many wait, and the rest is not let in. */
@Timeout(30)
class ConnectionLimitTest {
  private static final int MOST = 2;
  private static final String REQUEST = "GET /x HTTP/1.1\nHost: localhost\n\n";
  private final List<RawClient> clients = new ArrayList<>();
  private RunningGateway server;

  @BeforeEach
  void start() {
    HttpLimits usual = RunningGateway.LIMITS;
    HttpLimits few =
        new HttpLimits(
            MOST,
            usual.headerTime(),
            usual.bodyTime(),
            Duration.ofSeconds(20),
            usual.writeTime(),
            usual.maxHeaderBytes(),
            usual.maxBodyBytes(),
            usual.maxDeliveries(),
            usual.maxDeliveryBytes(),
            usual.drainDelay(),
            usual.shutdownGrace());
    server =
        RunningGateway.with(
            RunningGateway.settings(new Authentication.LoopbackOnly(), few),
            _ -> new Outcome.Deleted(),
            RunningGateway.noChecks());
  }

  @AfterEach
  void stop() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    server.close();
  }

  @Test
  void one_more_waits_until_another_ends_and_is_served_then() throws IOException {
    RawClient first = served();
    served();
    RawClient waiting = connected().lines(REQUEST);
    assertThatThrownBy(() -> waiting.patience(Duration.ofMillis(300)).readAnswer())
        .isInstanceOf(SocketTimeoutException.class);
    first.close();
    assertThat(waiting.patience(Duration.ofSeconds(10)).readAnswer()).startsWith("HTTP/1.1 404");
  }

  @Test
  void more_than_may_wait_are_not_let_in() throws IOException {
    served();
    served();
    boolean refused = false;
    // The kernel rounds a backlog up by a little, but not to many times as much.
    for (int more = 0; more < 4 * MOST && !refused; more++) {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.gateway().port()), 300);
        clients.add(new RawClient(server.gateway().port(), Duration.ofMillis(300)));
      } catch (SocketTimeoutException full) {
        refused = true;
      }
    }
    assertThat(refused).isTrue();
    assertThat(server.send(server.adminRequest("/health/live")).statusCode())
        .as("the admin port has connections of its own")
        .isEqualTo(200);
  }

  private RawClient connected() throws IOException {
    RawClient client = server.raw();
    clients.add(client);
    return client;
  }

  private RawClient served() throws IOException {
    RawClient client = connected();
    assertThat(client.lines(REQUEST).readAnswer()).startsWith("HTTP/1.1 404");
    return client;
  }
}

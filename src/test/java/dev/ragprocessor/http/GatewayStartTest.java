package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayStartTest {
  private static final Health NO_CHECKS = new Health(List.of(), List.of(), List.of());

  @Test
  void a_port_that_is_taken_refuses_the_start_and_names_the_setting() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(other.getLocalPort(), 0))
          .isInstanceOf(PortUnavailableException.class)
          .hasMessageContaining("127.0.0.1:" + other.getLocalPort())
          .hasMessageContaining("server.port (PORT)");
    }
  }

  @Test
  void a_taken_admin_port_does_as_well() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(0, other.getLocalPort()))
          .isInstanceOf(PortUnavailableException.class)
          .hasMessageContaining("server.admin-port");
    }
  }

  private static void start(int port, int adminPort) {
    HttpSettings settings =
        new HttpSettings(
            "127.0.0.1",
            port,
            adminPort,
            RunningGateway.LIMITS,
            new Authentication.LoopbackOnly(),
            new Authentication.LoopbackOnly());
    RunningGateway.with(settings, event -> new Outcome.Duplicate(), NO_CHECKS).close();
  }
}

package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.testing.Manifests;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminRoutesTest {
  private final AtomicBoolean database = new AtomicBoolean(true);
  private RunningGateway server;

  @BeforeEach
  void start() {
    Health health =
        new Health(
            List.of(new HealthCheck("migrated", () -> true)),
            List.of(),
            List.of(new HealthCheck("database", database::get)));
    server =
        RunningGateway.with(
            RunningGateway.settings(new Authentication.LoopbackOnly()),
            _ -> new Outcome.Deleted(),
            health);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void each_probe_asks_its_own_checks() {
    assertThat(get("/health/started").statusCode()).isEqualTo(200);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    database.set(false);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body())
        .contains("\"name\":\"database\"", "\"status\":\"DOWN\"");
    assertThat(get("/health/live").statusCode()).as("a restart would not heal it").isEqualTo(200);
  }

  @Test
  void a_check_that_throws_does_not_hold() {
    try (RunningGateway broken =
        RunningGateway.with(
            RunningGateway.settings(new Authentication.LoopbackOnly()),
            _ -> new Outcome.Deleted(),
            new Health(
                List.of(),
                List.of(),
                List.of(
                    new HealthCheck(
                        "database",
                        () -> {
                          throw new IllegalStateException("down");
                        }))))) {
      assertThat(broken.send(broken.adminRequest("/health/ready")).statusCode()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod-cloudsql", "prod-alloydb"})
  void what_kubernetes_asks_is_answered(String overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    Container program = manifests.server().program();
    List<Probe> probes =
        List.of(program.getStartupProbe(), program.getLivenessProbe(), program.getReadinessProbe());
    assertThat(probes).allMatch(probe -> probe.getHttpGet().getPort().getStrVal().equals("admin"));
    List<String> paths = new ArrayList<>();
    probes.forEach(probe -> paths.add(probe.getHttpGet().getPath()));
    manifests
        .only(Manifests.PodMonitoring.class)
        .spec()
        .endpoints()
        .forEach(endpoint -> paths.add(endpoint.path()));
    assertThat(paths)
        .doesNotHaveDuplicates()
        .allSatisfy(path -> assertThat(get(path).statusCode()).as(path).isEqualTo(200));
  }

  @Test
  void a_draining_process_is_alive_but_not_ready() {
    server.gateway().drain();
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void metrics_count_requests_by_route_and_status() {
    server.send(server.event("finalized"));
    server.send(server.request("/some/where"));
    HttpResponse<String> metrics = get("/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body())
        .contains("rag_http_requests_seconds_count{route=\"deliveries\",status=\"204\"} 1")
        .contains("rag_http_requests_seconds_count{route=\"other\",status=\"404\"} 1")
        .contains("rag_http_deliveries 0.0")
        .contains("rag_http_connections 1.0");
  }

  @Test
  void health_and_metrics_are_not_on_the_main_port() {
    assertThat(server.send(server.request("/metrics")).statusCode()).isEqualTo(404);
    assertThat(server.send(server.request("/health/live")).statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) {
    return server.send(server.adminRequest(path));
  }
}

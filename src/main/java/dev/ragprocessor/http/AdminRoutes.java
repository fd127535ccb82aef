package dev.ragprocessor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators and orchestrators ask: {@code /health/started}, {@code /health/live}, {@code
 * /health/ready} (200, or 503 with what does not hold) and {@code /metrics} in Prometheus' text
 * format.
 */
final class AdminRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
  private static final JsonMapper MAPPER = Json.mapper().build();

  private final Health health;
  private final PrometheusMeterRegistry metrics;
  private final List<HealthCheck> ready;

  AdminRoutes(Health health, BooleanSupplier leaving, PrometheusMeterRegistry metrics) {
    this.health = health;
    this.metrics = metrics;
    List<HealthCheck> checks = new ArrayList<>(health.ready());
    checks.add(new HealthCheck("not ending", () -> !leaving.getAsBoolean()));
    this.ready = List.copyOf(checks);
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/health/started", (request, response) -> probe(request, response, health.started()))
        .get("/health/live", (request, response) -> probe(request, response, health.live()))
        .get("/health/ready", (request, response) -> probe(request, response, ready))
        .get("/metrics", this::metrics);
  }

  private static void probe(
      ServerRequest request, ServerResponse response, List<HealthCheck> checks)
      throws JsonProcessingException {
    List<Map<String, Object>> results = new ArrayList<>();
    boolean all = true;
    for (HealthCheck check : checks) {
      boolean holds = holds(check);
      all &= holds;
      results.add(Map.of("name", check.name(), "status", holds ? "UP" : "DOWN"));
    }
    byte[] json =
        MAPPER.writeValueAsBytes(Map.of("status", all ? "UP" : "DOWN", "checks", results));
    Answers.content(
        request,
        response,
        all ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503,
        "application/json",
        json);
  }

  private static boolean holds(HealthCheck check) {
    try {
      return check.holds().getAsBoolean();
    } catch (RuntimeException failure) {
      LOG.warn("The health check {} failed", check.name(), failure);
      return false;
    }
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    Answers.content(
        request,
        response,
        Status.OK_200,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8));
  }
}

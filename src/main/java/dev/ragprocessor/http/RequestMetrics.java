package dev.ragprocessor.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Times every request by route and status; the routes are few, whatever paths are asked for. */
final class RequestMetrics implements Filter {
  private final MeterRegistry metrics;
  // Looking a meter up anew costs more than using it; routes and statuses are few.
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  RequestMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Timer.Sample sample = Timer.start(metrics);
    try {
      chain.proceed();
    } finally {
      Kind kind = new Kind(route(request.prologue().uriPath().path()), response.status().code());
      sample.stop(timers.computeIfAbsent(kind, this::timer));
    }
  }

  private Timer timer(Kind kind) {
    return Timer.builder("rag.http.requests")
        .description("Requests answered, by route and status")
        .tag("route", kind.route())
        .tag("status", String.valueOf(kind.status()))
        .register(metrics);
  }

  private record Kind(String route, int status) {}

  private static String route(String path) {
    return switch (path) {
      case "/", "/events" -> "deliveries";
      case "/search" -> "search";
      case "/jobs" -> "jobs";
      default ->
          path.startsWith("/jobs/") ? "job" : path.startsWith("/documents/") ? "document" : "other";
    };
  }
}

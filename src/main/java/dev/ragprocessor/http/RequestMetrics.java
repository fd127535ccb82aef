package dev.ragprocessor.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Times every request by route and status; the routes are few, whatever paths are asked for. */
final class RequestMetrics implements Filter {
  private final MeterRegistry metrics;

  RequestMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Timer.Sample sample = Timer.start(metrics);
    try {
      chain.proceed();
    } finally {
      sample.stop(
          Timer.builder("rag.http.requests")
              .description("Requests answered, by route and status")
              .tag("route", route(request.prologue().uriPath().path()))
              .tag("status", String.valueOf(response.status().code()))
              .register(metrics));
    }
  }

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

package dev.ragprocessor.http;

import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Times every request by route and status; the routes are few, whatever paths are asked for. */
final class RequestMetrics implements Filter {
  private static final Map<String, String> BELOW =
      Map.of("/jobs/", "job", "/documents/", "document", "/web/", "page", "/buckets/", "bucket");

  /** The answer budget of deliveries lies among them, and Pub/Sub's deadline at their end. */
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

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
      Kind kind = new Kind(route(request.prologue()), response.status().code());
      sample.stop(timers.computeIfAbsent(kind, this::timer));
    }
  }

  private Timer timer(Kind kind) {
    return Timer.builder("rag.http.requests")
        .description("Requests answered, by route and status")
        .tag("route", kind.route())
        .tag("status", String.valueOf(kind.status()))
        .serviceLevelObjectives(BOUNDS)
        .register(metrics);
  }

  private record Kind(String route, int status) {}

  private static String route(HttpPrologue request) {
    String path = request.uriPath().path();
    return switch (path) {
      case "/" -> request.method().equals(Method.POST) ? "deliveries" : "page";
      case "/events" -> "deliveries";
      case "/search" -> "search";
      case "/jobs" -> "jobs";
      case "/live" -> "live";
      case "/status" -> "status";
      default -> below(path);
    };
  }

  private static String below(String path) {
    for (Map.Entry<String, String> route : BELOW.entrySet()) {
      if (path.startsWith(route.getKey())) {
        return route.getValue();
      }
    }
    return "other";
  }
}

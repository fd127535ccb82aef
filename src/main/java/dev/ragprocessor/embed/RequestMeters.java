package dev.ragprocessor.embed;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** Times the requests to a model, labelled by model and outcome and nothing else. */
final class RequestMeters {
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(2)
  };

  private final MeterRegistry registry;
  private final String name;
  private final String model;

  /**
   * @param name of the timer, for example {@code rag.embed.requests}
   */
  RequestMeters(MeterRegistry registry, String name, String model) {
    this.registry = registry;
    this.name = name;
    this.model = model;
    timer("ok");
    for (EmbeddingException.Kind kind : EmbeddingException.Kind.values()) {
      timer(outcome(kind));
    }
  }

  /** A request that was answered as it should be. */
  void answered(Duration took) {
    timer("ok").record(took);
  }

  /** A request that failed. */
  void failed(EmbeddingException.Kind kind, Duration took) {
    timer(outcome(kind)).record(took);
  }

  private Timer timer(String outcome) {
    return Timer.builder(name)
        .description("Requests to a model, their wait for a turn excluded")
        .tag("model", model)
        .tag("outcome", outcome)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  private static String outcome(EmbeddingException.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

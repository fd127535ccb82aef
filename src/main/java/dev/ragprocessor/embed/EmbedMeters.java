package dev.ragprocessor.embed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/**
 * What the embedders count, labelled by model and outcome and nothing else: {@code
 * ragprocessor.embed.requests} (a timer, by outcome), {@code .texts}, {@code .tokens} and {@code
 * .truncated}, texts that the model did not read to the end.
 */
final class EmbedMeters {
  private final MeterRegistry registry;
  private final String model;
  private final Counter texts;
  private final Counter tokens;
  private final Counter truncated;

  EmbedMeters(MeterRegistry registry, String model) {
    this.registry = registry;
    this.model = model;
    this.texts = registry.counter("ragprocessor.embed.texts", "model", model);
    this.tokens = registry.counter("ragprocessor.embed.tokens", "model", model);
    this.truncated = registry.counter("ragprocessor.embed.truncated", "model", model);
    requests("ok");
    for (EmbeddingException.Kind kind : EmbeddingException.Kind.values()) {
      requests(outcome(kind));
    }
  }

  /** A request to the model that was answered with vectors. */
  void answered(int textCount, long tokenCount, Duration took) {
    requests("ok").record(took);
    texts.increment(textCount);
    tokens.increment((double) tokenCount);
  }

  /** A request to the model that failed. */
  void failed(EmbeddingException.Kind kind, Duration took) {
    requests(outcome(kind)).record(took);
  }

  /** A text that the model did not read to the end. */
  void truncated() {
    truncated.increment();
  }

  private Timer requests(String outcome) {
    return registry.timer("ragprocessor.embed.requests", "model", model, "outcome", outcome);
  }

  private static String outcome(EmbeddingException.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

package dev.ragprocessor.embed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What the embedders count, labelled by model and nothing else: {@code rag.embed.texts}, {@code
 * .tokens} and {@code .truncated}, texts that the model did not read to the end. How long requests
 * take is in {@link #REQUESTS}.
 */
final class EmbedMeters {
  /** The timer of requests to embedding models, by outcome. */
  static final String REQUESTS = "rag.embed.requests";

  private final Counter texts;
  private final Counter tokens;
  private final Counter truncated;

  EmbedMeters(MeterRegistry registry, String model) {
    this.texts = registry.counter("rag.embed.texts", "model", model);
    this.tokens = registry.counter("rag.embed.tokens", "model", model);
    this.truncated = registry.counter("rag.embed.truncated", "model", model);
  }

  /** Texts that have their vectors. */
  void embedded(int textCount, long tokenCount) {
    texts.increment(textCount);
    tokens.increment((double) tokenCount);
  }

  /** A text that the model did not read to the end. */
  void truncated() {
    truncated.increment();
  }
}

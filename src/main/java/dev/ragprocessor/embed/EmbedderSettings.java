package dev.ragprocessor.embed;

import java.time.Duration;

/** Which embedder makes the vectors, and how. The composition root switches over it. */
public sealed interface EmbedderSettings
    permits EmbedderSettings.Local, EmbedderSettings.Stub, GeminiSettings {
  /**
   * The sentence model on this CPU ({@link LocalEmbedder}).
   *
   * @param threads how many texts are embedded at once, 1 to 64; each takes one core
   */
  record Local(int threads) implements EmbedderSettings {
    public Local {
      Inputs.requireRange("threads", threads, 1, 64);
    }

    /** Half of the cores, so that answering and extracting keep the other half. */
    public static Local defaults() {
      return new Local(Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 64));
    }
  }

  /**
   * Vectors without meaning, for tests and benchmarks only ({@link StubEmbedder}).
   *
   * @param dimensions 1 to 16,000
   * @param latency how long each call takes, 0 to 1 minute: the model's round trip that it stands
   *     for
   */
  record Stub(int dimensions, Duration latency) implements EmbedderSettings {
    public Stub {
      Inputs.requireRange("dimensions", dimensions, 1, 16_000);
      if (latency.isNegative() || latency.compareTo(Duration.ofMinutes(1)) > 0) {
        throw new IllegalArgumentException("latency must be 0 to 1 minute: " + latency);
      }
    }
  }
}

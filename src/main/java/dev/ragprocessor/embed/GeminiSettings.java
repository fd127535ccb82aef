package dev.ragprocessor.embed;

import java.time.Duration;

/**
 * Gemini's embeddings ({@link GeminiEmbedder}). The limits are those that Google documents; a limit
 * that turns out lower is found out by the embedder itself, see there.
 *
 * @param access where, and as whom
 * @param baseUrl another address than Google's, for stand-ins and gateways; empty for Google's own.
 *     Plain http only to this machine
 * @param model the model's id, for example {@code gemini-embedding-001}
 * @param dimensions of the vectors, 1 to 3,072; pgvector indexes up to 2,000
 * @param maxTextsPerRequest 1 to 250; only 1 where the model takes one content a call
 * @param maxTokensPerRequest estimated, 100 to 1,000,000; a single text above it is sent alone
 * @param maxConcurrentRequests for chunks, 1 to 256; questions have a quarter as many of their own
 * @param timeout of one request, 10 ms to 10 minutes
 * @param patience how long one request may wait for its turn, and for a quota to come back, 0 to 10
 *     minutes; beyond it the caller is told when to come again
 */
public record GeminiSettings(
    GeminiAccess access,
    String baseUrl,
    String model,
    int dimensions,
    int maxTextsPerRequest,
    int maxTokensPerRequest,
    int maxConcurrentRequests,
    Duration timeout,
    Duration patience)
    implements EmbedderSettings {
  /** The model of the adopted schema's 768 dimensions. */
  public static final String DEFAULT_MODEL = "gemini-embedding-001";

  public GeminiSettings {
    GeminiModelSettings _ =
        new GeminiModelSettings(access, baseUrl, model, maxConcurrentRequests, timeout, patience);
    Inputs.requireRange("dimensions", dimensions, 1, 3_072);
    Inputs.requireRange(
        "max texts per request", maxTextsPerRequest, 1, isSingle(access, model) ? 1 : 250);
    Inputs.requireRange("max tokens per request", maxTokensPerRequest, 100, 1_000_000);
  }

  /** How the model is reached, and how hard it is asked. */
  public GeminiModelSettings connection() {
    return new GeminiModelSettings(
        access, baseUrl, model, maxConcurrentRequests, timeout, patience);
  }

  /** The documented limits for {@link #DEFAULT_MODEL} at 768 dimensions. */
  public static GeminiSettings defaults(GeminiAccess access) {
    return defaults(access, DEFAULT_MODEL);
  }

  /** The documented limits for a model, at 768 dimensions. */
  public static GeminiSettings defaults(GeminiAccess access, String model) {
    return new GeminiSettings(
        access,
        "",
        model,
        768,
        defaultTexts(access, model),
        20_000,
        8,
        Duration.ofSeconds(60),
        Duration.ofSeconds(30));
  }

  /** These settings against another address. */
  public GeminiSettings withBaseUrl(String url) {
    return new GeminiSettings(
        access,
        url,
        model,
        dimensions,
        maxTextsPerRequest,
        maxTokensPerRequest,
        maxConcurrentRequests,
        timeout,
        patience);
  }

  /** These settings with other limits of one request. */
  public GeminiSettings withRequestLimits(int texts, int tokens) {
    return new GeminiSettings(
        access,
        baseUrl,
        model,
        dimensions,
        texts,
        tokens,
        maxConcurrentRequests,
        timeout,
        patience);
  }

  /** These settings with another number of dimensions. */
  public GeminiSettings withDimensions(int count) {
    return new GeminiSettings(
        access,
        baseUrl,
        model,
        count,
        maxTextsPerRequest,
        maxTokensPerRequest,
        maxConcurrentRequests,
        timeout,
        patience);
  }

  /** These settings with other bounds on time and concurrency. */
  public GeminiSettings withBounds(int concurrentRequests, Duration timeout, Duration patience) {
    return new GeminiSettings(
        access,
        baseUrl,
        model,
        dimensions,
        maxTextsPerRequest,
        maxTokensPerRequest,
        concurrentRequests,
        timeout,
        patience);
  }

  /**
   * Vertex AI answers the newer models by {@code embedContent}, one content a call; the SDK refuses
   * more before it sends anything (googleapis/python-genai#2165).
   */
  private static boolean isSingle(GeminiAccess access, String model) {
    return switch (access) {
      case GeminiAccess.DeveloperApi _ -> false;
      case GeminiAccess.VertexAi _ ->
          model.contains("maas")
              || (model.contains("gemini") && !model.contains("gemini-embedding-001"));
    };
  }

  /** For gemini-embedding-001 on Vertex AI Google's pages disagree about more than one text. */
  private static int defaultTexts(GeminiAccess access, String model) {
    return switch (access) {
      case GeminiAccess.DeveloperApi _ -> 100;
      case GeminiAccess.VertexAi _ -> model.contains("gemini") || isSingle(access, model) ? 1 : 250;
    };
  }
}

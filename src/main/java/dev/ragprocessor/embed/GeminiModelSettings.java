package dev.ragprocessor.embed;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How one model of Gemini is reached, and how hard it is asked ({@link GeminiModel}).
 *
 * @param access where, and as whom
 * @param baseUrl another address than Google's, for stand-ins and gateways; empty for Google's own.
 *     Plain http only to this machine
 * @param model the model's id, for example {@code gemini-embedding-001}
 * @param maxConcurrentRequests for work in bulk, 1 to 256; what a person waits for has a quarter as
 *     many of its own
 * @param timeout of one request, 10 ms to 10 minutes
 * @param patience how long one request may wait for its turn, and for a quota to come back, 0 to 10
 *     minutes; beyond it the caller is told when to come again
 */
public record GeminiModelSettings(
    GeminiAccess access,
    String baseUrl,
    String model,
    int maxConcurrentRequests,
    Duration timeout,
    Duration patience) {
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");

  public GeminiModelSettings {
    if (!MODEL.matcher(model).matches()) {
      throw new IllegalArgumentException("not the id of a model: '" + model + "'");
    }
    requireSafe(baseUrl);
    Inputs.requireRange("max concurrent requests", maxConcurrentRequests, 1, 256);
    requireRange("timeout", timeout, Duration.ofMillis(10));
    requireRange("patience", patience, Duration.ZERO);
  }

  /** These settings for another model. */
  public GeminiModelSettings withModel(String id) {
    return new GeminiModelSettings(access, baseUrl, id, maxConcurrentRequests, timeout, patience);
  }

  /** A key must not cross a network in the open, nor stand in a URL. */
  static void requireSafe(String baseUrl) {
    if (baseUrl.isEmpty()) {
      return;
    }
    URI url = URI.create(baseUrl);
    String host = url.getHost();
    boolean local = Set.of("127.0.0.1", "localhost", "[::1]").contains(host == null ? "" : host);
    if (host == null
        || url.getUserInfo() != null
        || !("https".equals(url.getScheme()) || (local && "http".equals(url.getScheme())))) {
      throw new IllegalArgumentException(
          "the base URL must be https without a user, or http to this machine");
    }
  }

  private static void requireRange(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "%s must be %s to 10 minutes: %s".formatted(name, least, value));
    }
  }
}

package dev.ragprocessor.telemetry;

import java.net.URI;

/**
 * Where spans go.
 *
 * @param endpoint of a collector that takes OTLP over HTTP; without a path, the standard one is
 *     meant
 * @param sampleRatio of the traces that begin here, 0 to 1; a trace that comes with a delivery is
 *     recorded where its sender has decided so
 * @param version of this service
 */
public record TracingSettings(URI endpoint, double sampleRatio, String version) {
  private static final String PATH = "/v1/traces";

  public TracingSettings {
    if (endpoint.getHost() == null || !endpoint.getScheme().matches("https?")) {
      throw new IllegalArgumentException(
          "tracing.endpoint must be an http or https URL: " + endpoint);
    }
    if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
      throw new IllegalArgumentException("tracing.sample-ratio must be 0 to 1: " + sampleRatio);
    }
  }

  /** Promises where spans are posted. */
  URI traces() {
    String path = endpoint.getRawPath();
    return path == null || path.isEmpty() || path.equals("/") ? endpoint.resolve(PATH) : endpoint;
  }
}

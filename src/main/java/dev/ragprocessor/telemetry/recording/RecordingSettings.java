package dev.ragprocessor.telemetry.recording;

import java.time.Duration;

/**
 * How far a recording may go.
 *
 * @param maxDuration after which it ends by itself, at least a second
 * @param maxBytes that it keeps, about: beyond them its oldest events go
 */
public record RecordingSettings(Duration maxDuration, long maxBytes) {
  /** For tests and for those who do not care. */
  public static final RecordingSettings DEFAULT =
      new RecordingSettings(Duration.ofMinutes(10), 128L << 20);

  public RecordingSettings {
    if (maxDuration.compareTo(Duration.ofSeconds(1)) < 0 || maxBytes <= 0) {
      throw new IllegalArgumentException(
          "a recording takes a second and a byte at least: %s, %d"
              .formatted(maxDuration, maxBytes));
    }
  }
}

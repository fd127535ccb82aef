package dev.ragprocessor.extract.media;

import dev.ragprocessor.embed.GeminiModelSettings;
import java.time.Duration;

/**
 * How media become text ({@link MediaReader}).
 *
 * @param connection to the model that describes and transcribes
 * @param segment of a video that is described at once, 1 to 80 seconds: the model that makes its
 *     vector takes no more with sound
 * @param window of a recording of sound that is transcribed at once, 1 minute to 1 hour
 * @param maxLength of a recording, positive; a longer one is refused, since every segment costs
 * @param maxOutputTokens of one answer, 256 to 65,536
 * @param maxAnswer characters of one answer, 1,000 to 1,000,000; a longer one is a model's stutter
 * @param maxInline bytes that are sent with a request, 1 KiB to 7 MiB; what is larger is uploaded
 *     where there is somewhere to upload it
 * @param passage characters of a transcript that make one segment of sound, positive
 */
public record MediaSettings(
    GeminiModelSettings connection,
    Duration segment,
    Duration window,
    Duration maxLength,
    int maxOutputTokens,
    int maxAnswer,
    int maxInline,
    int passage) {
  /** The model that Google recommends for this (Vertex AI, model lifecycle, November 2026). */
  public static final String DEFAULT_MODEL = "gemini-3.5-flash-lite";

  public MediaSettings {
    requireRange("segment", segment, Duration.ofSeconds(1), Duration.ofSeconds(80));
    requireRange("window", window, Duration.ofMinutes(1), Duration.ofHours(1));
    requireRange("max length", maxLength, Duration.ofSeconds(1), Duration.ofDays(1));
    requireRange("max output tokens", maxOutputTokens, 256, 65_536);
    requireRange("max answer", maxAnswer, 1_000, 1_000_000);
    requireRange("max inline", maxInline, 1 << 10, 7 << 20);
    requireRange("passage", passage, 1, 100_000);
  }

  /** Quarter of a minute of video, ten minutes of sound, four hours in all. */
  public static MediaSettings defaults(GeminiModelSettings connection) {
    return new MediaSettings(
        connection,
        Duration.ofSeconds(15),
        Duration.ofMinutes(10),
        Duration.ofHours(4),
        8_192,
        100_000,
        7 << 20,
        1_000);
  }

  private static void requireRange(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be %s to %s: %s".formatted(name, least, most, value));
    }
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d: %d".formatted(name, least, most, value));
    }
  }
}

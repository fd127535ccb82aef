package dev.ragprocessor;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 750 ms}, {@code 1.5 s}, {@code 31 d}, {@code PT0.75S}. */
final class Durations {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)\\s*(ms|s|min|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Durations() {}

  /**
   * Promises the duration that the text names.
   *
   * @throws IllegalArgumentException when the text is not a duration, or has no unit
   */
  static Duration parse(String text) {
    String stripped = text.strip();
    Matcher matcher = FORM.matcher(stripped);
    if (matcher.matches()) {
      BigDecimal unit = BigDecimal.valueOf(MILLIS.getOrDefault(matcher.group(2), 1L));
      BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(unit).movePointRight(6);
      return Duration.ofNanos(nanos.longValueExact());
    }
    try {
      return Duration.parse(stripped);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a duration with a unit: " + text, e);
    }
  }

  /** Promises the short form of a duration, for messages: the largest unit that divides it. */
  static String format(Duration duration) {
    if (duration.isZero()) {
      return "0 s";
    }
    if (duration.toNanosPart() % 1_000_000 != 0) {
      return duration.toString();
    }
    long millis = duration.toMillis();
    for (String unit : new String[] {"d", "h", "min", "s"}) {
      long size = MILLIS.getOrDefault(unit, 1L);
      if (millis % size == 0) {
        return millis / size + " " + unit;
      }
    }
    return millis + " ms";
  }
}

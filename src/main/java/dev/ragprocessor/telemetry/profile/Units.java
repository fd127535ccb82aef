package dev.ragprocessor.telemetry.profile;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them, the same in every locale. */
final class Units {
  private static final double KIBI = 1_024;

  private Units() {}

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  static String time(double seconds) {
    if (seconds >= 100) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (seconds >= 1) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return seconds >= 0.01 || seconds == 0
        ? String.format(Locale.ROOT, "%.0f ms", seconds * 1e3)
        : String.format(Locale.ROOT, "%.2f ms", seconds * 1e3);
  }

  static String bytes(double bytes) {
    double value = bytes;
    for (String unit : new String[] {"B", "KiB", "MiB", "GiB"}) {
      if (value < KIBI) {
        return value < 10
            ? String.format(Locale.ROOT, "%.1f %s", value, unit)
            : String.format(Locale.ROOT, "%.0f %s", value, unit);
      }
      value /= KIBI;
    }
    return String.format(Locale.ROOT, "%.1f TiB", value);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String share(double part, double whole) {
    return whole <= 0 ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * part / whole);
  }

  /** Promises a number and its noun, for example {@code 1 time} or {@code 2 times}. */
  static String times(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }
}

package dev.ragprocessor.extract.media;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times in a recording, as models and people write them: {@code 1:02:03}, {@code 02:03.5}. */
final class Clocks {
  private static final Pattern CLOCK =
      Pattern.compile("(?:(?:(\\d{1,3}):)?(\\d{1,3}):)?(\\d{1,6})(?:[.,](\\d{1,3})\\d*)?s?");

  private Clocks() {}

  static Optional<Duration> read(String text) {
    Matcher clock = CLOCK.matcher(text.strip());
    if (!clock.matches()) {
      return Optional.empty();
    }
    String fraction = clock.group(4) == null ? "" : clock.group(4);
    return Optional.of(
        Duration.ofHours(number(clock.group(1)))
            .plusMinutes(number(clock.group(2)))
            .plusSeconds(number(clock.group(3)))
            .plusMillis(number((fraction + "000").substring(0, 3))));
  }

  static String shown(Duration time) {
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}

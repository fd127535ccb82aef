package dev.ragprocessor.extract.media;

import dev.ragprocessor.embed.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Cuts the time of a recording. */
final class Stretches {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private Stretches() {}

  /** Stretches of one length from the beginning; what is left at the end is its own if it lasts. */
  static List<TimeRange> of(Duration length, Duration each) {
    List<TimeRange> stretches = new ArrayList<>();
    Duration start = Duration.ZERO;
    while (start.compareTo(length) < 0) {
      Duration end = start.plus(each);
      if (end.plus(SHORTEST).compareTo(length) > 0) {
        end = length;
      }
      stretches.add(new TimeRange(start, end));
      start = end;
    }
    return stretches;
  }

  /** Two halves; none when it is too short for that. */
  static List<TimeRange> halves(TimeRange whole) {
    if (whole.length().compareTo(SHORTEST.multipliedBy(2)) < 0) {
      return List.of();
    }
    Duration middle = whole.start().plus(whole.length().dividedBy(2));
    return List.of(new TimeRange(whole.start(), middle), new TimeRange(middle, whole.end()));
  }
}

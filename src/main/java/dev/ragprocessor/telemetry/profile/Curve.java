package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Values at moments, in the order of the moments.
 *
 * @param points moments in seconds from the recording's begin
 */
record Curve(String name, List<Point> points) {
  /** A value at a moment. */
  record Point(double second, double value) {}

  Curve {
    points = points.stream().sorted(Comparator.comparingDouble(Point::second)).toList();
  }

  /** Promises the largest value; 0 where there is none. */
  double max() {
    return points.stream().mapToDouble(Point::value).max().orElse(0);
  }

  /** Promises at most so many points, each the largest of its stretch: peaks are what matters. */
  Curve thinned(int most) {
    if (points.size() <= most) {
      return this;
    }
    List<Point> kept = new ArrayList<>(most);
    for (int stretch = 0; stretch < most; stretch++) {
      int from = (int) ((long) points.size() * stretch / most);
      int to = (int) ((long) points.size() * (stretch + 1) / most);
      points.subList(from, to).stream()
          .max(Comparator.comparingDouble(Point::value))
          .ifPresent(kept::add);
    }
    return new Curve(name, kept);
  }
}

package dev.ragprocessor.bench.load;

import dev.ragprocessor.bench.load.Overload.Point;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws what becomes of an overloaded service, in parts and not in figures of the machine that it
 * was measured on: goodput as a part of the best, with senders that wait as long as they are asked
 * to and with some that do not; of the former, refusals as a part of the answers, and the 99th
 * percentile of the answers' times as a part of the answer budget.
 */
final class OverloadPlot {
  private static final int LEFT = 50;
  private static final int TOP = 20;
  private static final int WIDTH = 560;
  private static final int HEIGHT = 240;

  private final List<Point> points;

  private OverloadPlot(List<Point> points) {
    this.points = points;
  }

  /** Promises the plot as SVG. */
  static String of(Overload.Curves found, Duration budget) {
    double best =
        Stream.concat(found.patient().stream(), found.impatient().stream())
            .mapToDouble(Point::goodput)
            .max()
            .orElseThrow();
    OverloadPlot plot = new OverloadPlot(found.patient());
    OverloadPlot impatient = new OverloadPlot(found.impatient());
    String curves =
        plot.curve("#1a7f37", "goodput / best", 0, point -> point.goodput() / best)
            + impatient.curve("#8250df", "the same, impatient", 1, point -> point.goodput() / best)
            + plot.curve("#b35900", "429 / answers", 2, Point::refused)
            + plot.curve(
                "#0969da",
                "p99 / answer budget",
                3,
                point -> point.p99Millis() / budget.toMillis());
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
    <title>Goodput, refusals and the time of answers by the number of senders</title>
    <rect width="100%%" height="100%%" fill="#ffffff"/>
    %s%s</svg>
    """
        .formatted(LEFT + WIDTH + 20, TOP + HEIGHT + 70, plot.axes(), curves);
  }

  private String axes() {
    StringBuilder axes = new StringBuilder();
    for (int tenths = 0; tenths <= 10; tenths += 2) {
      double y = y(tenths / 10.0);
      axes.append(
          """
          <line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#d0d7de"/>
          <text x="%d" y="%.1f" text-anchor="end">%.1f</text>
          """
              .formatted(LEFT, LEFT + WIDTH, y, y, LEFT - 8, y + 4, tenths / 10.0));
    }
    for (int i = 0; i < points.size(); i++) {
      axes.append(
          """
          <text x="%.1f" y="%d" text-anchor="middle">%d</text>
          """
              .formatted(x(i), TOP + HEIGHT + 18, points.get(i).connections()));
    }
    return axes.append(
            """
            <text x="%d" y="%d" text-anchor="middle">senders</text>
            """
                .formatted(LEFT + WIDTH / 2, TOP + HEIGHT + 36))
        .toString();
  }

  private String curve(String colour, String name, int place, ToDoubleFunction<Point> part) {
    String line =
        IntStream.range(0, points.size())
            .mapToObj(
                i ->
                    String.format(
                        Locale.ROOT, "%.1f,%.1f", x(i), y(part.applyAsDouble(points.get(i)))))
            .collect(Collectors.joining(" "));
    return """
    <polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>
    <text x="%d" y="%d" fill="%s">%s</text>
    """
        .formatted(line, colour, LEFT + place * 145, TOP + HEIGHT + 60, colour, name);
  }

  private double x(int point) {
    return LEFT + WIDTH * (point + 0.5) / points.size();
  }

  private static double y(double part) {
    return TOP + HEIGHT * (1 - Math.clamp(part, 0, 1));
  }
}

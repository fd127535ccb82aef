package dev.ragprocessor.telemetry.profile;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws plots as SVG that stands in an HTML page; its colours are the page's style sheet's. */
final class Svg {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 180;
  private static final int LEFT = 48;
  private static final int BOTTOM = 24;
  private static final int TOP = 10;
  private static final int MOST_POINTS = 400;
  private static final int BAR = 18;
  private static final int ROW = 40;

  private Svg() {}

  /** Promises curves over one axis of time. */
  static String plot(Block.Plot plot, Period period) {
    double max = plot.curves().stream().mapToDouble(Curve::max).max().orElse(0);
    double top = max <= 0 ? 1 : max;
    StringBuilder svg = new StringBuilder(4_096);
    svg.append(open(HEIGHT, plot.title()));
    for (int line = 0; line <= 2; line++) {
      double y = y(line / 2.0);
      svg.append(
          format(
              "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH, y, y));
      svg.append(text(LEFT - 6, y + 4, "end", mark(top * line / 2, top)));
    }
    for (int mark = 0; mark <= 4; mark++) {
      double x = LEFT + (WIDTH - LEFT) * mark / 4.0;
      svg.append(
          text(
              x,
              HEIGHT - 6.0,
              mark == 0 ? "start" : mark == 4 ? "end" : "middle",
              Units.time(period.seconds() * mark / 4)));
    }
    for (int number = 0; number < plot.curves().size(); number++) {
      String points =
          plot.curves().get(number).thinned(MOST_POINTS).points().stream()
              .map(point -> format("%.1f,%.1f", x(point.second(), period), y(point.value() / top)))
              .collect(Collectors.joining(" "));
      svg.append(format("<polyline class=\"c%d\" points=\"%s\"/>", number, points));
    }
    return svg.append("</svg>").toString();
  }

  /** Promises stacked bars, each as long as its time is beside the longest. */
  static String bars(Block.Bars bars) {
    double longest = bars.bars().stream().mapToDouble(Block.Bar::total).max().orElse(0);
    double whole = longest <= 0 ? 1 : longest;
    StringBuilder svg = new StringBuilder(4_096);
    svg.append(open(ROW * bars.bars().size(), bars.title()));
    for (int row = 0; row < bars.bars().size(); row++) {
      Block.Bar bar = bars.bars().get(row);
      svg.append(text(0, row * ROW + 12.0, "start", shortened(bar.label())));
      double x = 0;
      for (int part = 0; part < bar.seconds().size(); part++) {
        double width = bar.seconds().get(part) / whole * WIDTH;
        svg.append(
            format(
                "<rect class=\"c%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
                part, x, row * ROW + 17, width, BAR));
        svg.append(
            format(
                "<title>%s: %s %s</title></rect>",
                Html.escaped(bar.label()),
                Html.escaped(bars.parts().get(part)),
                Units.time(bar.seconds().get(part))));
        x += width;
      }
    }
    return svg.append("</svg>").toString();
  }

  /** Promises what the colours mean. */
  static String key(List<String> names) {
    StringBuilder key = new StringBuilder("<p class=\"key\">");
    for (int number = 0; number < names.size(); number++) {
      key.append(
          format("<span><i class=\"c%d\"></i>%s</span> ", number, Html.escaped(names.get(number))));
    }
    return key.append("</p>").toString();
  }

  private static String open(int height, String title) {
    return format(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, height, Html.escaped(title));
  }

  private static double x(double second, Period period) {
    return LEFT + (WIDTH - LEFT) * Math.clamp(second / period.seconds(), 0.0, 1.0);
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
  }

  /** The end of a path tells more than its beginning. */
  private static String shortened(String label) {
    int longest = 90;
    return label.codePointCount(0, label.length()) <= longest
        ? label
        : "\u2026" + label.substring(label.offsetByCodePoints(label.length(), -longest));
  }

  private static String text(double x, double y, String anchor, String text) {
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x, y, anchor, Html.escaped(text));
  }

  private static String mark(double value, double top) {
    return top < 10 ? format("%.1f", value) : format("%.0f", value);
  }

  @FormatMethod
  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}

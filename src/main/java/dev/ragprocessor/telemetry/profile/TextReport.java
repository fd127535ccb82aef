package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a profile for a terminal. */
final class TextReport {
  private static final String LEVELS = "▁▂▃▄▅▆▇█";
  private static final int PLOT_WIDTH = 60;
  private static final int LONGEST_CELL = 90;

  private final Profile profile;
  private final StringBuilder out = new StringBuilder(8_192);

  TextReport(Profile profile) {
    this.profile = profile;
  }

  String write() {
    line(
        "%s: %s events in %s, from %s"
            .formatted(
                profile.name(),
                Units.count(profile.events()),
                Units.time(profile.period().seconds()),
                profile.period().from()));
    heading("Findings");
    if (profile.findings().isEmpty()) {
      line("Nothing stands out.");
    }
    for (Finding finding : profile.findings()) {
      line((finding.problem() ? " ! " : " - ") + finding.text());
    }
    for (Section section : profile.sections()) {
      heading(section.title());
      if (section.blocks().isEmpty()) {
        line("Nothing was recorded.");
      }
      section.blocks().forEach(this::block);
    }
    return out.toString();
  }

  private void heading(String title) {
    line("");
    line(title);
    line("─".repeat(title.length()));
  }

  private void block(Block block) {
    switch (block) {
      case Block.Lines(String caption, String text) -> {
        line(caption + ":");
        text.lines().forEach(one -> line("    " + one.strip()));
      }
      case Block.Table table -> table(table);
      case Block.Plot plot -> plot(plot);
      case Block.Bars _ -> {} // the table beside it says the same in figures
    }
  }

  private void table(Block.Table table) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(table.columns());
    lines.addAll(table.rows());
    int[] widths = new int[table.columns().size()];
    for (List<String> cells : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], cut(cells.get(column)).length());
      }
    }
    for (List<String> cells : lines) {
      StringBuilder row = new StringBuilder(pad(cut(cells.getFirst()), -widths[0]));
      for (int column = 1; column < widths.length; column++) {
        row.append("  ").append(pad(cut(cells.get(column)), widths[column]));
      }
      line(row.toString().stripTrailing());
    }
    line("");
  }

  /** Promises the text at the right of so many columns, or at the left of as many below zero. */
  private static String pad(String text, int width) {
    String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? text + blanks : blanks + text;
  }

  /** The end tells more than the middle: a path's file, a frame's line. */
  private static String cut(String text) {
    return text.length() <= LONGEST_CELL
        ? text
        : text.substring(0, LONGEST_CELL / 3)
            + "…"
            + text.substring(text.length() - (LONGEST_CELL - LONGEST_CELL / 3 - 1));
  }

  private void plot(Block.Plot plot) {
    line("%s (%s)".formatted(plot.title(), plot.unit()));
    double max = plot.curves().stream().mapToDouble(Curve::max).max().orElse(0);
    int width = plot.curves().stream().mapToInt(curve -> curve.name().length()).max().orElse(1);
    for (Curve curve : plot.curves()) {
      String levels =
          curve.thinned(PLOT_WIDTH).points().stream()
              .map(point -> level(point.value(), max))
              .collect(Collectors.joining());
      line(
          "%s  %s  at most %s"
              .formatted(pad(curve.name(), -width), levels, Units.count(Math.round(curve.max()))));
    }
    line("");
  }

  private static String level(double value, double max) {
    int level = max <= 0 ? 0 : (int) Math.round(value / max * (LEVELS.length() - 1));
    return String.valueOf(LEVELS.charAt(Math.clamp(level, 0, LEVELS.length() - 1)));
  }

  /** What a recording holds is others' text: on a terminal it must not do more than be read. */
  private void line(String text) {
    text.codePoints()
        .map(character -> Character.isISOControl(character) ? '\uFFFD' : character)
        .forEach(out::appendCodePoint);
    out.append('\n');
  }
}

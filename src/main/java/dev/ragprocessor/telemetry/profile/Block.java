package dev.ragprocessor.telemetry.profile;

import java.util.List;

/** A part of a section, before it is written as text or as HTML. Its texts are not escaped yet. */
sealed interface Block {
  /** Lines as they stand, for example a stack. */
  record Lines(String caption, String text) implements Block {}

  /**
   * Figures.
   *
   * @param columns their headings; the first column is text, the others are figures
   */
  record Table(List<String> columns, List<List<String>> rows) implements Block {
    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  /**
   * Values against time.
   *
   * @param unit of the values, for example {@code connections}
   */
  record Plot(String title, String unit, List<Curve> curves) implements Block {
    public Plot {
      curves = List.copyOf(curves);
    }
  }

  /**
   * Where time went, a bar each.
   *
   * @param parts what a bar can consist of
   */
  record Bars(String title, List<String> parts, List<Bar> bars) implements Block {
    public Bars {
      parts = List.copyOf(parts);
      bars = List.copyOf(bars);
    }
  }

  /**
   * A bar.
   *
   * @param seconds of each part, in their order
   */
  record Bar(String label, List<Double> seconds) {
    public Bar {
      seconds = List.copyOf(seconds);
    }

    double total() {
      return seconds.stream().mapToDouble(Double::doubleValue).sum();
    }
  }
}

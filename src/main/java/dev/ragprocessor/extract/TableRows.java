package dev.ragprocessor.extract;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers a table's rows and hands them over as one Markdown table (GitHub's: the first row is the
 * header, a row may be shorter than it). Empty rows, and empty cells at a row's end, are left out.
 * A table of one column is no table for a reader: its cells become paragraphs. Belongs to one
 * thread.
 */
final class TableRows {
  /** What a cell costs beside its text: {@code "| "} and a space. */
  private static final int FRAME = 3;

  private final Passages passages;
  private final List<List<String>> rows = new ArrayList<>();
  private List<String> row = new ArrayList<>();

  TableRows(Passages passages) {
    this.passages = passages;
  }

  /** Ends the row before, if any. */
  void startRow() {
    endRow();
  }

  /** Adds a cell to the current row. */
  void cell(CharSequence text) {
    passages.budget().spend(FRAME);
    row.add(CleanText.onOneLine(text));
  }

  /** Hands the whole table over. */
  void finish() {
    endRow();
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    if (columns < 2) {
      rows.forEach(cells -> passages.paragraph(cells.getFirst()));
      return;
    }
    StringBuilder markdown = new StringBuilder();
    appendRow(markdown, rows.getFirst(), columns);
    markdown.append('|').repeat(" --- |", columns).append('\n');
    rows.stream().skip(1).forEach(cells -> appendRow(markdown, cells, cells.size()));
    passages.table(markdown.toString());
  }

  private void endRow() {
    while (!row.isEmpty() && row.getLast().isEmpty()) {
      row.removeLast();
    }
    if (!row.isEmpty()) {
      rows.add(row);
      row = new ArrayList<>();
    }
  }

  private static void appendRow(StringBuilder markdown, List<String> cells, int columns) {
    markdown.append('|');
    for (int column = 0; column < columns; column++) {
      String cell = column < cells.size() ? cells.get(column) : "";
      markdown.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    markdown.append('\n');
  }
}

package dev.ragprocessor.extract;

/** Gathers a list, nested or not, as one line for each item. Belongs to one thread. */
final class ListLines {
  private static final int DEEPEST_INDENT = 8;

  private final StringBuilder lines = new StringBuilder();
  private final StringBuilder item = new StringBuilder();
  private String marker = "";
  private int depth;

  /** Whether a list is open. */
  boolean open() {
    return depth > 0;
  }

  /** A list begins, perhaps inside an item of another. */
  void startList() {
    endItem();
    depth++;
  }

  /** The innermost list ends. */
  void endList() {
    endItem();
    depth--;
  }

  /** An item of the innermost list begins. */
  void startItem() {
    endItem();
    marker = "  ".repeat(Math.min(depth - 1, DEEPEST_INDENT)) + "- ";
  }

  /** Where the current item's text goes. */
  StringBuilder item() {
    return item;
  }

  /** The list's lines so far, which are then forgotten. */
  String take() {
    endItem();
    String text = lines.toString();
    lines.setLength(0);
    return text;
  }

  private void endItem() {
    String line = CleanText.onOneLine(item);
    item.setLength(0);
    if (!line.isEmpty()) {
      lines.append(lines.isEmpty() ? "" : "\n").append(marker).append(line);
    }
    marker = "";
  }
}

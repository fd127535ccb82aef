package dev.ragprocessor.extract;

import java.util.function.Consumer;

/** Reads clean text without markup: blank lines part its passages. */
final class PlainTextReader {
  private PlainTextReader() {}

  /** Reads prose. */
  static void prose(String text, Passages passages) {
    blocks(text, passages, passages::cleanParagraph);
  }

  /** Reads source code and other text whose lines and indentation matter. */
  static void code(String text, Passages passages) {
    blocks(text, passages, passages::cleanCode);
  }

  private static void blocks(String text, Passages passages, Consumer<String> block) {
    passages.budget().spend(text.length());
    int start = 0;
    int line = 0;
    while (line < text.length()) {
      int end = endOfLine(text, line);
      if (isBlank(text, line, end)) {
        // Without the last line's end, so that what takes the block need not copy it once more.
        block.accept(text.substring(start, Math.max(start, line - 1)));
        start = end;
      }
      line = end;
    }
    block.accept(text.substring(start));
  }

  private static int endOfLine(String text, int start) {
    int end = text.indexOf('\n', start);
    return end < 0 ? text.length() : end + 1;
  }

  private static boolean isBlank(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!CleanText.isBlank(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}

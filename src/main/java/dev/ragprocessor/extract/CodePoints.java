package dev.ragprocessor.extract;

/** Offsets that part no surrogate pair. */
final class CodePoints {
  private CodePoints() {}

  /**
   * The nearest end at or before {@code end} that parts no pair, but one code point after {@code
   * start} at least.
   */
  static int end(String text, int start, int end, int limit) {
    if (end >= limit) {
      return limit;
    }
    int whole = Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    return whole > start ? whole : start + Character.charCount(text.codePointAt(start));
  }
}

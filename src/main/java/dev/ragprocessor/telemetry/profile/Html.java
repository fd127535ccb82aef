package dev.ragprocessor.telemetry.profile;

/** Text that stands in HTML as what it is. */
final class Html {
  private Html() {}

  /** Promises the text with nothing in it that could be markup, in an element or an attribute. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                  boolean forbidden = Character.isISOControl(character) && character != '\n';
                  escaped.appendCodePoint(forbidden ? '\uFFFD' : character);
                }
              }
            });
    return escaped.toString();
  }
}

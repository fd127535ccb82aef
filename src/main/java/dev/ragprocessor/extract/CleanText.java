package dev.ragprocessor.extract;

/**
 * Text as the rest of the program may rely on it: well-formed UTF-16 without the characters that
 * PostgreSQL cannot store (U+0000) or that nobody can read (other controls). The only controls left
 * are tab and line feed.
 */
public final class CleanText {
  private static final char REPLACEMENT = '\uFFFD';

  private CleanText() {}

  /** Replaces lone surrogates, unifies line ends, drops control characters; keeps the rest. */
  public static String of(String text) {
    // An array, as going over a string asks for its encoding at each character.
    char[] characters = text.toCharArray();
    int first = firstUnclean(characters);
    if (first == characters.length) {
      return text;
    }
    StringBuilder clean = new StringBuilder(characters.length);
    clean.append(characters, 0, first);
    for (int i = first; i < characters.length; i++) {
      char c = characters[i];
      if (Character.isHighSurrogate(c)
          && i + 1 < characters.length
          && Character.isLowSurrogate(characters[i + 1])) {
        clean.append(c).append(characters[++i]);
      } else if (Character.isSurrogate(c)) {
        clean.append(REPLACEMENT);
      } else if (c == '\r') {
        if (i + 1 == characters.length || characters[i + 1] != '\n') {
          clean.append('\n');
        }
      } else if (c == '\u2028' || c == '\u2029' || c == '\u0085') {
        clean.append('\n');
      } else if (!isDropped(c)) {
        clean.append(c);
      }
    }
    return clean.toString();
  }

  /** The same on one line: every run of white space becomes one space; none at the ends. */
  static String onOneLine(CharSequence text) {
    return collapse(text, false);
  }

  /** The same, every run of spaces one space, every run of line ends one; none at the ends. */
  static String onItsLines(CharSequence text) {
    return collapse(text, true);
  }

  /** White space for a reader: also the no-break spaces that {@code String.strip} keeps. */
  static boolean isBlank(char c) {
    if (c > ' ' && c < 0x7F) {
      return false;
    }
    return c < 0x80
        ? c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F)
        : Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static String collapse(CharSequence text, boolean keepLines) {
    String trimmed = withoutBlankEnds(text);
    return isCollapsed(trimmed.toCharArray(), keepLines)
        ? trimmed
        : collapsed(withoutBlankEnds(of(trimmed)).toCharArray(), keepLines);
  }

  private static String collapsed(char[] characters, boolean keepLines) {
    // In place: what is written is never longer than what was read.
    int length = 0;
    boolean space = false;
    boolean line = false;
    for (char c : characters) {
      if (isBlank(c)) {
        space = true;
        line |= c == '\n' || c == '\r';
        continue;
      }
      if (space) {
        characters[length++] = keepLines && line ? '\n' : ' ';
      }
      space = false;
      line = false;
      characters[length++] = c;
    }
    return new String(characters, 0, length);
  }

  /** Whether neither cleaning nor collapsing would change anything. */
  private static boolean isCollapsed(char[] characters, boolean keepLines) {
    char before = 'x';
    for (char c : characters) {
      if (c >= ' ' && c < 0x7F) {
        // Both are spaces. Which one is, is a branch that no processor foresees.
        if ((c | before) == ' ') {
          return false;
        }
        before = c;
      } else if (c == '\n' && keepLines && before != ' ') {
        before = ' ';
      } else if (c < 0xA1 || isBlank(c) || isUnclean(c)) {
        return false;
      } else {
        before = c;
      }
    }
    return true;
  }

  private static String withoutBlankEnds(CharSequence text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.subSequence(from, to).toString();
  }

  private static int firstUnclean(char[] characters) {
    for (int i = 0; i < characters.length; i++) {
      char c = characters[i];
      if (!isPlain(c) && isUnclean(c)) {
        return i;
      }
    }
    return characters.length;
  }

  private static boolean isUnclean(char c) {
    return Character.isSurrogate(c)
        || c == '\r'
        || c == '\u2028'
        || c == '\u2029'
        || c == '\u0085'
        || isDropped(c);
  }

  /** What most text is made of, and is kept as it is. */
  private static boolean isPlain(char c) {
    return (c >= ' ' && c < 0x7F) || c == '\n';
  }

  private static boolean isDropped(char c) {
    boolean control = (c < ' ' && c != '\n' && c != '\t') || (c >= '\u007F' && c < '\u00A0');
    // A byte order mark inside text, and the two code units that are no characters.
    return control || c == '\uFEFF' || c == '\uFFFE' || c == '\uFFFF';
  }
}

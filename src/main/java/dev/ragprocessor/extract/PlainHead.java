package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Whether a file begins like prose or a table, and like nothing else: then its name may tell which,
 * and Tika's two thousand patterns, a quarter of the time that a small file takes, need not be
 * tried. It says no in every case of doubt.
 */
final class PlainHead {
  private static final int LENGTH = 8 * 1024;

  /** UTF-8 has at most four bytes a character, so that the last three may be half of one. */
  private static final int TAIL = 3;

  private PlainHead() {}

  static boolean of(Path content) throws IOException {
    try (InputStream bytes = Files.newInputStream(content)) {
      return of(bytes.readNBytes(LENGTH));
    }
  }

  /** The same of a whole content. */
  static boolean isPlain(byte[] content) {
    return of(content.length > LENGTH ? Arrays.copyOf(content, LENGTH) : content);
  }

  static boolean of(byte[] head) {
    if (head.length == 0 || !isLetterOrDigit(head[0])) {
      return false; // %PDF-, {\rtf, <html, #!, PK, byte order marks
    }
    for (byte each : head) {
      if (isControl(each) || each == '<') {
        return false;
      }
    }
    String text = new String(head, StandardCharsets.UTF_8);
    int broken = text.indexOf('\uFFFD');
    boolean utf8 = broken < 0 || (head.length == LENGTH && broken >= text.length() - TAIL);
    return utf8 && !text.contains("%PDF-") && !firstLine(text).contains(":");
  }

  /** Headers of mail, cards and calendars are a name and a colon. */
  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static boolean isLetterOrDigit(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9');
  }

  private static boolean isControl(byte each) {
    boolean blank = each == '\t' || each == '\n' || each == '\r';
    return (each >= 0 && each < ' ' && !blank) || each == 0x7F;
  }
}

package dev.ragprocessor.extract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.txt.Icu4jEncodingDetector;
import org.apache.tika.parser.txt.UniversalEncodingDetector;

/**
 * Finds out the encoding of bytes that should be text, in this order: a byte order mark; UTF-8, if
 * every byte fits it (text in another encoding almost never does); UTF-16 without a mark, told by
 * zero bytes that stand only at odd or only at even offsets; then the two statistical detectors
 * that Tika brings, and windows-1252 when they are at a loss.
 */
final class TextDecoder {
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  /** One control character in so many is more than text has. */
  private static final int TEXT_PER_CONTROL = 50;

  /** In UTF-16 at least the spaces and line ends have a zero byte. */
  private static final int BYTES_PER_ZERO = 40;

  private TextDecoder() {}

  /** The text, cleaned, or empty when these bytes are no text in any encoding. */
  static Optional<String> decode(byte[] bytes) {
    if (isPlain(bytes)) {
      // Nothing of it would be cleaned away.
      return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    Charset charset = charsetOf(bytes);
    int mark = byMark(bytes).isEmpty() ? 0 : "\uFEFF".getBytes(charset).length;
    String text = new String(bytes, mark, bytes.length - mark, charset);
    long controls = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isForeignToText(text.charAt(i))) {
        controls++;
      }
    }
    return controls * TEXT_PER_CONTROL > text.length()
        ? Optional.empty()
        // A form feed ends a page; it would be cleaned away.
        : Optional.of(CleanText.of(text.replace("\f", "\n\n")));
  }

  private static Charset charsetOf(byte[] bytes) {
    Optional<Charset> marked = byMark(bytes);
    if (marked.isPresent()) {
      return marked.get();
    }
    Optional<Charset> zeros = byZeroBytes(bytes);
    if (zeros.isPresent()) {
      return zeros.get();
    }
    return isAscii(bytes) || fits(bytes, StandardCharsets.UTF_8)
        ? StandardCharsets.UTF_8
        : byStatistics(bytes);
  }

  private static Optional<Charset> byMark(byte[] bytes) {
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    if (startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
      return Optional.of(UTF_32LE);
    }
    if (startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
      return Optional.of(UTF_32BE);
    }
    if (startsWith(bytes, 0xFF, 0xFE)) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    return startsWith(bytes, 0xFE, 0xFF)
        ? Optional.of(StandardCharsets.UTF_16BE)
        : Optional.empty();
  }

  private static Optional<Charset> byZeroBytes(byte[] bytes) {
    long[] zeros = new long[2];
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        zeros[i % 2]++;
      }
    }
    Charset likely = zeros[0] > zeros[1] ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    boolean oneSided = Math.min(zeros[0], zeros[1]) * 10 < Math.max(zeros[0], zeros[1]);
    boolean many = Math.max(zeros[0], zeros[1]) * BYTES_PER_ZERO >= bytes.length;
    return oneSided && many && bytes.length % 2 == 0 && fits(bytes, likely)
        ? Optional.of(likely)
        : Optional.empty();
  }

  private static Charset byStatistics(byte[] bytes) {
    for (EncodingDetector detector :
        List.of(new UniversalEncodingDetector(), new Icu4jEncodingDetector())) {
      try {
        Charset found = detector.detect(new ByteArrayInputStream(bytes), new Metadata());
        // Cyrillic of Windows is often taken for that of old Macintoshes, never the reverse today.
        if (found != null && !found.name().startsWith("x-Mac")) {
          // As the web does (WHATWG Encoding Standard, "Names and labels"): the superset.
          return found.equals(StandardCharsets.ISO_8859_1) ? WINDOWS_1252 : found;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("reading from memory", e);
      }
    }
    return WINDOWS_1252;
  }

  /** Whether there is nothing but printable ASCII, tabs and line feeds, as in most text. */
  private static boolean isPlain(byte[] bytes) {
    for (byte each : bytes) {
      if ((each < ' ' || each == 0x7F) && each != '\n' && each != '\t') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(byte[] bytes) {
    int all = 0;
    for (byte each : bytes) {
      all |= each;
    }
    return all >= 0;
  }

  private static boolean fits(byte[] bytes, Charset charset) {
    try {
      charset.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    if (bytes.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isForeignToText(char c) {
    if (c >= ' ' && c < 0x7F) {
      return false;
    }
    boolean usual = c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x1B || c == 0x85;
    return !usual && (Character.isISOControl(c) || c == 0xFFFD);
  }
}

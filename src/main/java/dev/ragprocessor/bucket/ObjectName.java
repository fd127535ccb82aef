package dev.ragprocessor.bucket;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Cloud Storage's rules for names (its page "About Cloud Storage objects", naming requirements) and
 * how they are written into URLs and headers.
 */
final class ObjectName {
  private static final int MAX_BYTES = 1024;
  private static final String KEPT_IN_HEADERS = "!#$&'()*+,-./:;<=>?@[\\]^_`{|}~";

  private ObjectName() {}

  /** Promises why no object can have this name; empty when one can. */
  static Optional<String> fault(String name) {
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("an object cannot be named '" + name + "'");
    }
    if (name.indexOf('\r') >= 0 || name.indexOf('\n') >= 0) {
      return Optional.of("an object's name cannot contain a line break");
    }
    if (name.startsWith(".well-known/acme-challenge/")) {
      return Optional.of("an object's name cannot start with .well-known/acme-challenge/");
    }
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      return bytes.remaining() <= MAX_BYTES
          ? Optional.empty()
          : Optional.of("an object's name cannot have more than 1,024 UTF-8 bytes");
    } catch (CharacterCodingException e) {
      return Optional.of("an object's name must be valid Unicode");
    }
  }

  /** Promises the name as one segment of a URL's path, or one value of its query. */
  static String inUrl(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Promises the name as the CloudEvents HTTP binding wants it in a header (1.0.2, section
   * 3.1.3.2): percent-encoded but for printable ASCII; space, double quote and percent encoded too.
   */
  static String inHeader(String name) {
    StringBuilder header = new StringBuilder(name.length() + 16);
    for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (unit & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || KEPT_IN_HEADERS.indexOf(c) >= 0)) {
        header.append(c);
      } else {
        header.append('%').append("%02X".formatted((int) c));
      }
    }
    return header.toString();
  }
}

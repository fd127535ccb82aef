package dev.ragprocessor.cloudevents;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Required context attributes as text: out of a header's value, and checked. */
final class AttributeText {
  private AttributeText() {}

  /**
   * Promises a required attribute out of its {@code ce-} header: quotes undone, then one round of
   * percent-decoding (CloudEvents HTTP binding 1.0.2, section 3.1.3.2). A percent sign that starts
   * no escape stands for itself, since Google does not encode its values.
   *
   * @throws MalformedEventException when it is absent, given twice, or unreadable
   */
  static String fromHeader(Headers headers, String attribute) {
    List<String> values = headers.values("ce-" + attribute);
    if (values.isEmpty()) {
      throw new MalformedEventException(attribute, "The header ce-" + attribute + " is missing");
    }
    if (values.size() > 1) {
      throw new MalformedEventException(
          attribute, "The header ce-" + attribute + " is there more than once");
    }
    return required(percentDecoded(unquoted(values.getFirst().strip()), attribute), attribute);
  }

  /**
   * Promises the value back when it may be a required attribute's.
   *
   * @throws MalformedEventException when it is empty, or holds what CloudEvents 1.0.2, section 2.2,
   *     forbids in strings: control characters, noncharacters, lone surrogates
   */
  static String required(String value, String attribute) {
    if (value.isEmpty()) {
      throw new MalformedEventException(attribute, "Is required and must not be empty");
    }
    if (value.codePoints().anyMatch(AttributeText::forbidden)) {
      throw new MalformedEventException(
          attribute, "Holds a control character, a noncharacter or half a surrogate pair");
    }
    return value;
  }

  /** Promises whether a character may stand in no string of an event. */
  static boolean forbidden(int character) {
    boolean control = Character.getType(character) == Character.CONTROL;
    boolean surrogate = Character.getType(character) == Character.SURROGATE;
    boolean nonCharacter =
        (character & 0xFFFE) == 0xFFFE || (character >= 0xFDD0 && character <= 0xFDEF);
    return control || surrogate || nonCharacter;
  }

  private static String unquoted(String value) {
    if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length());
    for (int at = 1; at < value.length() - 1; at++) {
      boolean escape = value.charAt(at) == '\\' && at + 1 < value.length() - 1;
      text.append(value.charAt(escape ? ++at : at));
    }
    return text.toString();
  }

  private static String percentDecoded(String value, String attribute) {
    if (value.chars().anyMatch(character -> character > 0x7E)) {
      // The server may have replaced what it could not decode: two values would look the same.
      throw new MalformedEventException(
          attribute, "Must be ASCII, with any other character percent-encoded as UTF-8");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
    for (int at = 0; at < value.length(); at++) {
      char character = value.charAt(at);
      int octet = character == '%' ? escape(value, at) : -1;
      bytes.write(octet < 0 ? character : octet);
      at += octet < 0 ? 0 : 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException broken) {
      throw new MalformedEventException(attribute, "Percent-encodes bytes that are not UTF-8");
    }
  }

  /** The octet that an escape at this place stands for; -1 when there is none. */
  private static int escape(String value, int at) {
    if (at + 2 >= value.length()) {
      return -1;
    }
    int high = Character.digit(value.charAt(at + 1), 16);
    int low = Character.digit(value.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}

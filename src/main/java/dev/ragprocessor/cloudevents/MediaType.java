package dev.ragprocessor.cloudevents;

import java.util.Locale;

/**
 * What a content type says, as far as it decides how an event is read.
 *
 * @param name type and subtype in lower case; empty when none was given
 * @param charset the charset parameter in lower case; empty when none was given
 */
record MediaType(String name, String charset) {
  private static final String JSON = "application/json";

  /** CloudEvents 1.0.2, section 3.1.1: data without a content type are JSON. */
  static final MediaType UNSTATED = new MediaType("", "");

  static MediaType parse(String value) {
    String[] parts = value.split(";", -1);
    String charset = "";
    for (int part = 1; part < parts.length; part++) {
      int equals = parts[part].indexOf('=');
      if (equals > 0 && parts[part].substring(0, equals).strip().equalsIgnoreCase("charset")) {
        charset = unquoted(parts[part].substring(equals + 1).strip());
      }
    }
    return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), charset);
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return (quoted ? value.substring(1, value.length() - 1) : value).toLowerCase(Locale.ROOT);
  }

  /** Promises whether the whole message is one event, or a batch of them, in some format. */
  boolean isEventFormat() {
    return name.startsWith("application/cloudevents");
  }

  boolean isBatch() {
    return name.startsWith("application/cloudevents-batch");
  }

  /**
   * @throws UnsupportedMediaException unless this is exactly the format, in UTF-8
   */
  void requireFormat(String format) {
    if (!name.equals(format)) {
      throw new UnsupportedMediaException("Of the event formats, only JSON is read: " + format);
    }
    requireUtf8();
  }

  /**
   * @throws UnsupportedMediaException unless this is JSON in UTF-8, or nothing was said
   */
  void requireJson() {
    boolean json = name.isEmpty() || name.equals(JSON) || name.equals("text/json");
    if (!json && !name.endsWith("+json")) {
      throw new UnsupportedMediaException("An event's data must be JSON (" + JSON + ")");
    }
    requireUtf8();
  }

  /** RFC 8259, section 8.1: JSON between systems is UTF-8. ASCII is a part of it. */
  private void requireUtf8() {
    if (!charset.isEmpty()
        && !charset.equals("utf-8")
        && !charset.equals("utf8")
        && !charset.equals("us-ascii")) {
      throw new UnsupportedMediaException("JSON must be UTF-8; the charset parameter says another");
    }
  }
}

package dev.ragprocessor.cloudevents;

import java.util.List;

/**
 * The header fields of one HTTP message, whatever the web server.
 *
 * <p>Values are as the server decoded them. Where a field held bytes outside of ASCII, servers
 * differ in what they make of them, so that a value with characters above U+007E counts as
 * unreadable.
 */
@FunctionalInterface
public interface Headers {
  /**
   * Promises the values of every field of that name, in the order received; empty when there is
   * none.
   *
   * @param name in lower case; fields match whatever their case
   */
  List<String> values(String name);
}

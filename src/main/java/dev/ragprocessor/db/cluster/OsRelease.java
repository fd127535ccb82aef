package dev.ragprocessor.db.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@code /etc/os-release} says (os-release(5)).
 *
 * @param id for example {@code debian}
 * @param like the ids of what it derives from, separated by blanks
 * @param codename of the release, for example {@code bookworm}; empty when there is none
 */
record OsRelease(String id, String like, String codename) {
  /** Promises what the text says, quotes removed. */
  static OsRelease parse(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .map(String::strip)
        .filter(line -> line.indexOf('=') > 0 && !line.startsWith("#"))
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              values.put(
                  line.substring(0, equals), line.substring(equals + 1).replaceAll("[\"']", ""));
            });
    return new OsRelease(
        values.getOrDefault("ID", ""),
        values.getOrDefault("ID_LIKE", ""),
        values.getOrDefault("VERSION_CODENAME", ""));
  }

  /** Whether its packages are Debian's or made in Debian's way. */
  boolean isDebianLike() {
    return id.equals("debian")
        || id.equals("ubuntu")
        || Arrays.asList(like.split(" ", -1)).contains("debian");
  }
}

package dev.ragprocessor.db.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One enabled entry of apt's sources (sources.list(5)).
 *
 * @param types {@code deb}, {@code deb-src}
 * @param signedBy the keyring's file, or the key itself; empty when none is named
 */
record AptSource(
    List<String> types,
    List<String> uris,
    List<String> suites,
    List<String> components,
    String signedBy) {
  /** Where Debian's own package puts Debian's keys. */
  static final String ARCHIVE_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

  private static final Pattern ONE_LINE =
      Pattern.compile("(deb|deb-src)\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  AptSource {
    types = List.copyOf(types);
    uris = List.copyOf(uris);
    suites = List.copyOf(suites);
    components = List.copyOf(components);
  }

  /** Promises the entries of a {@code .list} file or of {@code sources.list}, one a line. */
  static List<AptSource> parseOneLine(String text) {
    List<AptSource> sources = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher entry = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
      if (entry.matches()) {
        sources.add(
            new AptSource(
                List.of(entry.group(1)),
                List.of(entry.group(3)),
                List.of(entry.group(4)),
                words(entry.group(5)),
                signedBy(entry.group(2))));
      }
    }
    return sources;
  }

  /** Promises the entries of a {@code .sources} file: deb822 stanzas between empty lines. */
  static List<AptSource> parseDeb822(String text) {
    List<AptSource> sources = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    String field = "";
    for (String line : (text + "\n\n").lines().toList()) {
      if (line.isBlank()) {
        addStanza(sources, fields);
        fields.clear();
      } else if (Character.isWhitespace(line.charAt(0))) {
        fields.merge(field, " " + line.strip(), String::concat);
      } else if (!line.startsWith("#") && line.indexOf(':') > 0) {
        int colon = line.indexOf(':');
        field = line.substring(0, colon).toLowerCase(Locale.ROOT);
        fields.put(field, line.substring(colon + 1).strip());
      }
    }
    return sources;
  }

  /**
   * Whether this is the distribution's own archive for a release, and not a third party's that
   * names its suite like the release: Debian's keyring, or no keyring of its own and the path that
   * every mirror of Debian has.
   */
  boolean isDebianArchive(String codename) {
    boolean debians =
        signedBy.equals(ARCHIVE_KEYRING)
            || (signedBy.isEmpty() && uris.stream().anyMatch(uri -> uri.contains("/debian")));
    return debians
        && types.contains("deb")
        && suites.contains(codename)
        && components.contains("main")
        && uris.stream().noneMatch(uri -> uri.startsWith("cdrom:"));
  }

  /** Promises a one-line entry for the source packages of another release, from the same mirror. */
  String sourcesOf(String suite) {
    return "deb-src [signed-by=%s] %s %s main%n"
        .formatted(signedBy.isEmpty() ? ARCHIVE_KEYRING : signedBy, uris.getFirst(), suite);
  }

  private static void addStanza(List<AptSource> sources, Map<String, String> fields) {
    String enabled = fields.getOrDefault("enabled", "yes").toLowerCase(Locale.ROOT);
    if (fields.containsKey("uris") && !List.of("no", "false", "off", "0").contains(enabled)) {
      String signedBy = fields.getOrDefault("signed-by", "");
      sources.add(
          new AptSource(
              words(fields.getOrDefault("types", "")),
              words(fields.getOrDefault("uris", "")),
              words(fields.getOrDefault("suites", "")),
              words(fields.getOrDefault("components", "")),
              signedBy));
    }
  }

  private static String signedBy(@Nullable String options) {
    return options == null
        ? ""
        : Arrays.stream(BLANKS.split(options.strip()))
            .filter(option -> option.startsWith("signed-by="))
            .map(option -> option.substring("signed-by=".length()))
            .findFirst()
            .orElse("");
  }

  private static List<String> words(String text) {
    return Arrays.stream(BLANKS.split(text.strip())).filter(word -> !word.isEmpty()).toList();
  }
}

package dev.ragprocessor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code application.yaml} as a person does: each key with the comment above it. */
final class ConfigurationDocument {
  private static final Pattern LINE = Pattern.compile("( *)([a-z][a-z0-9-]*):(.*)");

  private ConfigurationDocument() {}

  /** Promises the comment above each key that has a value; empty where there is none. */
  static Map<String, String> comments() throws IOException {
    Map<String, String> comments = new LinkedHashMap<>();
    List<String> above = new ArrayList<>();
    Deque<String> groups = new ArrayDeque<>();
    for (String line : Files.readAllLines(Path.of("src/main/resources/application.yaml"))) {
      Matcher matcher = LINE.matcher(line);
      if (line.strip().startsWith("#")) {
        above.add(line.strip().substring(1).strip());
      } else if (matcher.matches()) {
        while (groups.size() > matcher.group(1).length() / 2) {
          groups.removeLast();
        }
        groups.addLast(matcher.group(2));
        if (!matcher.group(3).isBlank()) {
          comments.put(String.join(".", groups), String.join(" ", above));
        }
        above.clear();
      } else {
        above.clear();
      }
    }
    return comments;
  }

  /** Promises the README's table of every key. */
  static String table() throws IOException {
    Map<String, String> comments = comments();
    Map<String, Given> defaults = ConfigurationReader.defaults();
    return Settings.ALL.stream()
        .map(setting -> row(setting, defaults, comments))
        .collect(
            Collectors.joining(
                "\n", "| key | default | allowed | what it does |\n|---|---|---|---|\n", "\n"));
  }

  private static String row(
      Setting<?> setting, Map<String, Given> defaults, Map<String, String> comments) {
    Given given = defaults.getOrDefault(setting.key(), new Given("", ""));
    List<String> aliases = EnvironmentLayer.aliases(setting);
    return "| `%s` | %s | %s | %s%s |"
        .formatted(
            setting.key(),
            given.text().isEmpty() ? "empty" : "`" + given.text() + "`",
            setting.allowed(),
            comments.get(setting.key()),
            aliases.isEmpty() ? "" : " Also: `" + String.join("`, `", aliases) + "`.");
  }
}

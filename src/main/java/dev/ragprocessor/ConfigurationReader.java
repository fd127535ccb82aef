package dev.ragprocessor;

import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the configuration together: the command line over the environment over a file over the
 * defaults. It refuses an unknown key, a value that is not allowed, and values that contradict each
 * other; all of them at once.
 *
 * @param environment the environment's variables
 * @param file a YAML document of the caller's, if any
 * @param arguments {@code key → value} from the command line
 */
record ConfigurationReader(
    Map<String, String> environment, @Nullable Path file, Map<String, String> arguments) {
  static final String DEFAULTS = "application.yaml";

  /**
   * Promises a configuration in which every key has a value that is allowed.
   *
   * @throws ConfigurationException listing every problem
   */
  Configuration read() {
    List<String> problems = new ArrayList<>();
    Map<String, Given> given = new LinkedHashMap<>(defaults());
    if (file != null) {
      String origin = "file " + file;
      known(YamlLayer.read(origin, ConfigSources.file(file)), given, problems);
    }
    given.putAll(EnvironmentLayer.read(environment, Settings.ALL, problems));
    Map<String, Given> typed = new TreeMap<>();
    arguments.forEach((key, text) -> typed.put(key, new Given(text, "command line")));
    known(typed, given, problems);
    Settings.ALL.forEach(setting -> check(setting, given, problems));
    if (problems.isEmpty()) {
      Configuration configuration = new Configuration(given);
      problems.addAll(ConfigurationRules.broken(configuration));
      if (problems.isEmpty()) {
        return configuration;
      }
    }
    throw new ConfigurationException(problems);
  }

  /** Promises the document with every key, its default and what it does. */
  static Map<String, Given> defaults() {
    return YamlLayer.read("default", ConfigSources.classpath(DEFAULTS));
  }

  private static void known(
      Map<String, Given> layer, Map<String, Given> given, List<String> problems) {
    layer.forEach(
        (key, value) -> {
          if (Settings.KEYS.contains(key)) {
            given.put(key, value);
          } else {
            problems.add(
                "%s (%s) is not a key; did you mean %s?"
                    .formatted(key, value.origin(), NearestName.to(key, Settings.KEYS)));
          }
        });
  }

  private static void check(Setting<?> setting, Map<String, Given> given, List<String> problems) {
    Given value = given.get(setting.key());
    if (value == null) {
      throw new IllegalStateException(DEFAULTS + " has no default for " + setting.key());
    }
    if (!setting.allows(value.text())) {
      problems.add(
          "%s = %s (%s): allowed is %s"
              .formatted(
                  setting.key(),
                  setting.secret() ? "(not shown)" : "'" + value.text() + "'",
                  value.origin(),
                  setting.allowed()));
    }
  }
}

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
 * @param presets {@code key → value} that a command puts over the defaults
 */
record ConfigurationReader(
    Map<String, String> environment,
    @Nullable Path file,
    Map<String, String> arguments,
    Map<String, String> presets) {
  static final String DEFAULTS = "application.yaml";

  /** Without presets. */
  ConfigurationReader(
      Map<String, String> environment, @Nullable Path file, Map<String, String> arguments) {
    this(environment, file, arguments, Map.of());
  }

  /**
   * Promises a configuration in which every key has a value that is allowed.
   *
   * @throws ConfigurationException listing every problem
   */
  Configuration read() {
    List<String> problems = new ArrayList<>();
    Map<String, Given> given = new LinkedHashMap<>(defaults());
    known(layer("command's default", presets), given, problems);
    if (file != null) {
      String origin = "file " + file;
      known(YamlLayer.read(origin, ConfigSources.file(file)), given, problems);
    }
    given.putAll(EnvironmentLayer.read(environment, Settings.ALL, problems));
    known(layer("command line", arguments), given, problems);
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

  private static Map<String, Given> layer(String origin, Map<String, String> values) {
    Map<String, Given> layer = new TreeMap<>();
    values.forEach((key, text) -> layer.put(key, new Given(text, origin)));
    return layer;
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

package dev.ragprocessor;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.spi.ConfigSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads the values that a YAML document gives, keyed by their dotted keys. */
final class YamlLayer {
  private YamlLayer() {}

  /**
   * Promises every value of the document as text; a list becomes its elements joined by commas, a
   * key without a value the empty text.
   *
   * @throws ConfigurationException when the document cannot be read
   */
  static Map<String, Given> read(String origin, Supplier<? extends ConfigSource> source) {
    Map<String, Given> given = new LinkedHashMap<>();
    try {
      collect(document(source), origin, given);
    } catch (ConfigException e) {
      throw new ConfigurationException(
          List.of("%s cannot be read: %s".formatted(origin, rootMessage(e))));
    }
    return given;
  }

  /** The document alone: what Helidon would add from elsewhere would lose its origin. */
  private static Config document(Supplier<? extends ConfigSource> source) {
    return Config.builder()
        .sources(source)
        .disableEnvironmentVariablesSource()
        .disableSystemPropertiesSource()
        .disableKeyResolving()
        // A password may hold "${".
        .disableValueResolving()
        .disableCaching()
        .build();
  }

  private static void collect(Config node, String origin, Map<String, Given> given) {
    switch (node.type()) {
      case OBJECT ->
          node.asNodeList().orElse(List.of()).forEach(child -> collect(child, origin, given));
      case LIST ->
          given.put(
              node.key().toString(),
              new Given(String.join(",", node.asList(String.class).orElse(List.of())), origin));
      case VALUE -> given.put(node.key().toString(), new Given(node.asString().orElse(""), origin));
      case MISSING -> {
        // An empty document: nothing is given.
      }
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}

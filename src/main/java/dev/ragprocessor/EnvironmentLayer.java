package dev.ragprocessor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads what the environment gives: {@code RAG_…} for every key, and names that platforms and
 * people already use. The {@code RAG_…} name wins over the other one.
 */
final class EnvironmentLayer {
  /** The variable with the path of the configuration file; not a key itself. */
  static final String FILE_VARIABLE = "RAG_CONFIG";

  private static final String PREFIX = "RAG_";

  /** In this order: the later one wins where both name the same key. */
  private static final List<Map.Entry<String, Setting<?>>> ALIASES =
      List.of(
          Map.entry("PORT", Settings.SERVER_PORT),
          Map.entry("DATABASE_URL", Settings.DATABASE_URL),
          Map.entry("DATABASE_PASSWORD_FILE", Settings.DATABASE_PASSWORD_FILE),
          Map.entry("RAG_INSTALL", Settings.DATABASE_INSTALL),
          Map.entry("GEMINI_API_KEY", Settings.GEMINI_API_KEY),
          Map.entry("GOOGLE_API_KEY", Settings.GEMINI_API_KEY),
          Map.entry("GOOGLE_CLOUD_PROJECT", Settings.GEMINI_PROJECT),
          Map.entry("GOOGLE_CLOUD_LOCATION", Settings.GEMINI_LOCATION),
          Map.entry("STORAGE_EMULATOR_HOST", Settings.BUCKET_ENDPOINT),
          Map.entry("OTEL_EXPORTER_OTLP_ENDPOINT", Settings.TRACING_ENDPOINT));

  /**
   * What Kubernetes adds for a Service called {@code rag-…}: {@code RAG_X_PORT=tcp://10.0.0.1:80}
   * and the like. They are nobody's mistake, so they are neither taken nor refused.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "RAG(_.*)?(_SERVICE_HOST|_SERVICE_PORT(_.+)?|_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

  private EnvironmentLayer() {}

  /**
   * Promises the values given by the environment, keyed by their dotted keys.
   *
   * @param problems where unknown {@code RAG_…} variables are reported
   */
  static Map<String, Given> read(
      Map<String, String> environment,
      Collection<? extends Setting<?>> settings,
      List<String> problems) {
    Map<String, Given> given = new LinkedHashMap<>();
    ALIASES.forEach(alias -> take(environment, alias.getKey(), alias.getValue().key(), given));
    Map<String, String> keys = new TreeMap<>();
    settings.forEach(setting -> keys.put(setting.variable(), setting.key()));
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PREFIX) || isServiceLink(name, value)) {
                return;
              }
              String key = keys.get(name);
              if (key != null) {
                take(environment, name, key, given);
              } else if (!isAlias(name) && !name.equals(FILE_VARIABLE)) {
                problems.add(unknown(name, keys.keySet()));
              }
            });
    return given;
  }

  /** Promises every other name of a key, for the README's table. */
  static List<String> aliases(Setting<?> setting) {
    return ALIASES.stream()
        .filter(alias -> alias.getValue().equals(setting))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** An empty variable is how a shell or a manifest says "not set". */
  private static void take(
      Map<String, String> environment, String name, String key, Map<String, Given> given) {
    String value = environment.get(name);
    if (value != null && !value.isEmpty()) {
      given.put(key, new Given(value, "environment variable " + name));
    }
  }

  private static boolean isAlias(String name) {
    return ALIASES.stream().anyMatch(alias -> alias.getKey().equals(name));
  }

  private static boolean isServiceLink(String name, String value) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_LINK_VALUE.matcher(value).matches());
  }

  private static String unknown(String name, Collection<String> known) {
    List<String> names = new ArrayList<>(known);
    return "environment variable %s names no key; did you mean %s?"
        .formatted(name, NearestName.to(name, names));
  }
}

package dev.ragprocessor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has to be configured with. */
final class ConfigurationOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file whose values stand over the defaults (or: RAG_CONFIG).")
  @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key, for example --set server.port=9090; may be repeated.")
  Map<String, String> values = new LinkedHashMap<>();

  /** Promises the configuration of these options over the environment. */
  Configuration read(Map<String, String> environment) {
    return read(environment, Map.of());
  }

  /**
   * Promises the same over defaults of the command's own.
   *
   * @param presets {@code key → value}
   */
  Configuration read(Map<String, String> environment, Map<String, String> presets) {
    Path chosen = file;
    String variable = environment.get(EnvironmentLayer.FILE_VARIABLE);
    if (chosen == null && variable != null && !variable.isBlank()) {
      chosen = Path.of(variable);
    }
    return new ConfigurationReader(environment, chosen, values, presets).read();
  }
}

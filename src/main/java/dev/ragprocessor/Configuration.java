package dev.ragprocessor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Every setting, checked: reading one cannot fail any more. Immutable. Secrets are read from their
 * files when they are asked for, so that a rotated one is seen.
 */
final class Configuration {
  private final Map<String, Given> given;

  /**
   * @param given a valid text for every key of {@link Settings#ALL}
   */
  Configuration(Map<String, Given> given) {
    this.given = Map.copyOf(given);
  }

  /** Promises the value of a setting. */
  <T> T get(Setting<T> setting) {
    return setting.parser().apply(text(setting).text());
  }

  /** Promises where a value was written, for messages. */
  String origin(Setting<?> setting) {
    return text(setting).origin();
  }

  /**
   * Promises a secret, from its value or from its file; empty when neither is set.
   *
   * @throws ConfigurationException when the file cannot be read
   */
  String secret(Setting<String> value, Setting<Path> file) {
    if (isUnset(file)) {
      return get(value);
    }
    try {
      return Files.readString(get(file)).strip();
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of(
              "%s = '%s' (%s): the file cannot be read (%s)"
                  .formatted(file.key(), get(file), origin(file), e.getClass().getSimpleName())));
    }
  }

  /** Promises whether a setting's text is empty. */
  boolean isUnset(Setting<?> setting) {
    return text(setting).text().isBlank();
  }

  private Given text(Setting<?> setting) {
    Given text = given.get(setting.key());
    if (text == null) {
      throw new IllegalArgumentException("not a key of the catalogue: " + setting.key());
    }
    return text;
  }
}

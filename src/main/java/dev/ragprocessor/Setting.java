package dev.ragprocessor;

import dev.ragprocessor.store.TenantId;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One key of the configuration: how its text becomes a value, and what is allowed. Its default and
 * what it does stand in {@code application.yaml}.
 *
 * @param key dashed words in dotted groups, for example {@code database.pool-size}
 * @param allowed what a person may write, for messages and the README's table
 * @param secret whether its value may never be shown
 * @param parser throws {@link IllegalArgumentException} or {@link ArithmeticException} for a text
 *     that is not allowed
 */
record Setting<T>(String key, String allowed, boolean secret, Function<String, T> parser) {

  /** Any text, the empty one included. */
  static Setting<String> text(String key, String allowed) {
    return new Setting<>(key, allowed, false, Function.identity());
  }

  /** Any text, never shown. */
  static Setting<String> secret(String key, String allowed) {
    return new Setting<>(key, allowed, true, Function.identity());
  }

  /** A text that must not be empty. */
  static Setting<String> name(String key) {
    return new Setting<>(
        key, "text, not empty", false, text -> require(text, !text.isBlank(), "empty"));
  }

  /** A whole number, both ends included. */
  static Setting<Integer> integer(String key, int min, int max) {
    return new Setting<>(
        key,
        "integer, %d to %d".formatted(min, max),
        false,
        text -> between(Integer.valueOf(text.strip()), min, max));
  }

  /** A number, both ends included. */
  static Setting<Double> number(String key, double min, double max) {
    return new Setting<>(
        key,
        String.format(Locale.ROOT, "number, %s to %s", min, max),
        false,
        text -> between(Double.valueOf(text.strip()), min, max));
  }

  /** A duration, both ends included. */
  static Setting<Duration> duration(String key, Duration min, Duration max) {
    return new Setting<>(
        key,
        "duration, %s to %s".formatted(Durations.format(min), Durations.format(max)),
        false,
        text -> between(Durations.parse(text), min, max));
  }

  /** A size in bytes, both ends included. */
  static Setting<ByteSize> size(String key, ByteSize min, ByteSize max) {
    return new Setting<>(
        key,
        "size, %s to %s".formatted(min, max),
        false,
        text -> between(ByteSize.parse(text), min, max));
  }

  /** One of an enum's constants, written in lower case with dashes. */
  static <E extends Enum<E>> Setting<E> choice(String key, Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    return new Setting<>(
        key,
        constants.stream().map(Setting::dashed).collect(Collectors.joining(", ")),
        false,
        text ->
            constants.stream()
                .filter(constant -> dashed(constant).equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown: " + text)));
  }

  /** {@code true} or {@code false}. */
  static Setting<Boolean> flag(String key) {
    return new Setting<>(
        key,
        "true, false",
        false,
        text ->
            switch (text.strip()) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither true nor false: " + text);
            });
  }

  /** A path of this machine; a leading {@code ~/} is the user's home. */
  static Setting<Path> path(String key) {
    return new Setting<>(key, "path", false, Setting::toPath);
  }

  /** An absolute URL. */
  static Setting<URI> uri(String key) {
    return new Setting<>(
        key,
        "URL",
        false,
        text -> {
          URI uri = URI.create(text.strip());
          return require(uri, uri.getHost() != null, "no host: " + text);
        });
  }

  /** The owner of documents, as a UUID in its long form. */
  static Setting<TenantId> uuid(String key) {
    return new Setting<>(key, "UUID", false, text -> new TenantId(UUID.fromString(text.strip())));
  }

  /** Texts separated by commas, or a list in YAML; may be empty. */
  static Setting<List<String>> list(String key, String allowed) {
    return new Setting<>(
        key,
        allowed,
        false,
        text ->
            Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList());
  }

  /** Pairs of two enums' constants, written {@code one=other} and separated by commas. */
  static <K extends Enum<K>, V extends Enum<V>> Setting<Map<K, V>> choices(
      String key, Class<K> keys, Class<V> values) {
    Setting<K> left = choice(key, keys);
    Setting<V> right = choice(key, values);
    return new Setting<>(
        key,
        "KIND=%s, separated by commas, or empty".formatted(right.allowed().replace(", ", "\u00a6")),
        false,
        text ->
            list(key, "").parser().apply(text).stream()
                .map(pair -> pair.split("=", 2))
                .collect(
                    Collectors.toUnmodifiableMap(
                        pair -> left.parser().apply(pair[0]),
                        pair -> right.parser().apply(pair.length < 2 ? "" : pair[1]))));
  }

  /** Promises the environment variable that overrides this key. */
  String variable() {
    return "RAG_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Promises whether a person may write this text. */
  boolean allows(String text) {
    try {
      T value = parser.apply(text);
      return value != null;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }

  private static String dashed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Path toPath(String text) {
    try {
      return text.startsWith("~/")
          ? Path.of(System.getProperty("user.home"), text.substring(2))
          : Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a path: " + text, e);
    }
  }

  private static <C extends Comparable<C>> C between(C value, C min, C max) {
    return require(
        value, value.compareTo(min) >= 0 && value.compareTo(max) <= 0, "out of range: " + value);
  }

  private static <V> V require(V value, boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
    return value;
  }
}

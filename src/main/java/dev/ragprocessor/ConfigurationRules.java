package dev.ragprocessor;

import java.util.ArrayList;
import java.util.List;

/** What must hold between values, each rule with its arithmetic in the message. */
final class ConfigurationRules {
  private ConfigurationRules() {}

  /** Promises the broken rules, each as a sentence; none when all hold. */
  static List<String> broken(Configuration configuration) {
    List<String> broken = new ArrayList<>();
    int size = configuration.get(Settings.CHUNKS_SIZE);
    int overlap = configuration.get(Settings.CHUNKS_OVERLAP);
    if (overlap * 2 > size) {
      broken.add(
          "chunks.overlap = %d (%s) must be at most half of chunks.size = %d (%s): %d > %d / 2 = %d"
              .formatted(
                  overlap,
                  configuration.origin(Settings.CHUNKS_OVERLAP),
                  size,
                  configuration.origin(Settings.CHUNKS_SIZE),
                  overlap,
                  size,
                  size / 2));
    }
    int port = configuration.get(Settings.SERVER_PORT);
    if (port != 0 && port == configuration.get(Settings.SERVER_ADMIN_PORT)) {
      broken.add(
          "server.port (%s) and server.admin-port (%s) are both %d: they must differ"
              .formatted(
                  configuration.origin(Settings.SERVER_PORT),
                  configuration.origin(Settings.SERVER_ADMIN_PORT),
                  port));
    }
    notBoth(configuration, Settings.DATABASE_PASSWORD, Settings.DATABASE_PASSWORD_FILE, broken);
    notBoth(configuration, Settings.GEMINI_API_KEY, Settings.GEMINI_API_KEY_FILE, broken);
    return broken;
  }

  private static void notBoth(
      Configuration configuration, Setting<?> value, Setting<?> file, List<String> broken) {
    if (!configuration.isUnset(value) && !configuration.isUnset(file)) {
      broken.add(
          "%s (%s) and %s (%s) are both set: set one of them"
              .formatted(
                  value.key(),
                  configuration.origin(value),
                  file.key(),
                  configuration.origin(file)));
    }
  }
}

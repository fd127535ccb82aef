package dev.ragprocessor;

import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.InvalidDatabaseUrlException;
import dev.ragprocessor.db.Pooler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What must hold between values. The rules of a room are the room's: its settings refuse what
 * contradicts itself, with the arithmetic in the message.
 */
final class ConfigurationRules {
  private ConfigurationRules() {}

  /** Promises the broken rules, each as a sentence; none when all hold. */
  static List<String> broken(Configuration configuration) {
    List<String> broken = new ArrayList<>();
    RoomSettings rooms = new RoomSettings(configuration);
    for (Runnable room :
        List.<Runnable>of(
            rooms::http,
            () -> rooms.cluster(Map.of()),
            rooms::pool,
            rooms::timeouts,
            rooms::budget,
            rooms::extraction,
            rooms::chunking,
            rooms::embedder,
            rooms::media,
            rooms::mediaEmbedder,
            rooms::ingest,
            rooms::cloudStorage,
            rooms::tracing,
            rooms::directory)) {
      try {
        room.run();
      } catch (IllegalArgumentException e) {
        broken.add(String.valueOf(e.getMessage()));
      } catch (ConfigurationException e) {
        broken.addAll(e.problems());
      }
    }
    databaseUrl(configuration, Settings.DATABASE_URL, broken);
    databaseUrl(configuration, Settings.DATABASE_MIGRATION_URL, broken);
    halfOverlap(configuration, broken);
    watcherMayDeliver(configuration, broken);
    notBoth(configuration, Settings.DATABASE_PASSWORD, Settings.DATABASE_PASSWORD_FILE, broken);
    notBoth(configuration, Settings.GEMINI_API_KEY, Settings.GEMINI_API_KEY_FILE, broken);
    // What several rooms stand on is broken once.
    return List.copyOf(new LinkedHashSet<>(broken));
  }

  /** What the URL's reader says never shows the URL, which may hold a password. */
  private static void databaseUrl(
      Configuration configuration, Setting<String> setting, List<String> broken) {
    if (configuration.isUnset(setting)) {
      return;
    }
    try {
      DatabaseUrl url = DatabaseUrl.parse(configuration.get(setting));
      boolean pooled =
          url.pooler() == Pooler.TRANSACTION
              || configuration.get(Settings.DATABASE_POOLER) == Pooler.TRANSACTION;
      if (pooled && configuration.isUnset(Settings.DATABASE_MIGRATION_URL)) {
        broken.add(
            "database.url (%s) leads through a transaction pooler: migrations need a direct"
                    .formatted(configuration.origin(setting))
                + " connection, so set database.migration-url");
      }
    } catch (InvalidDatabaseUrlException e) {
      broken.add(
          "%s (%s): %s".formatted(setting.key(), configuration.origin(setting), e.getMessage()));
    }
  }

  /** With more than half repeated, chunks would multiply rather than overlap. */
  private static void halfOverlap(Configuration configuration, List<String> broken) {
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
  }

  /** The watcher comes in by the same door, and has no token. */
  private static void watcherMayDeliver(Configuration configuration, List<String> broken) {
    if (configuration.get(Settings.BUCKET_KIND) == Settings.BucketKind.DIRECTORY
        && configuration.get(Settings.BUCKET_WATCH)
        && configuration.get(Settings.AUTH_DELIVERIES) == Settings.DeliveriesMode.OIDC) {
      broken.add(
          "auth.deliveries = oidc (%s) would refuse the events of the watched directory:"
                  .formatted(configuration.origin(Settings.AUTH_DELIVERIES))
              + " set bucket.watch = false, or bucket.kind = cloud-storage");
    }
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

package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.ingest.Deliveries;
import dev.ragprocessor.ingest.MediaModels;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;

/** Finds or makes the instance that a command asks. */
final class Instances {
  private Instances() {}

  /**
   * Promises who can be asked: the server that runs with the private PostgreSQL, which belongs to
   * it alone; otherwise an instance in this process, which is given no work.
   */
  static Instance asking(Configuration configuration, Terminal terminal, Closables closables) {
    if (configuration.isUnset(Settings.DATABASE_URL)) {
      RoomSettings rooms = new RoomSettings(configuration);
      if (OtherInstance.answers(rooms.adminAddress())) {
        return new OtherInstance(rooms.address());
      }
    }
    return own(new Composition(configuration, terminal, closables));
  }

  /** Promises an instance in this process that takes no events. */
  static OwnInstance own(Composition parts) {
    DatabaseEndpoint endpoint = parts.endpoint();
    parts.migrateAtStart(endpoint);
    Database database = parts.database(endpoint);
    return new OwnInstance(
        database,
        () -> {
          TextEmbedder embedder = parts.embedder();
          ActiveSpace space = parts.space(endpoint, database, embedder);
          return parts.search(
              database, space, embedder, parts.media(endpoint, database).orElse(null));
        },
        () -> {
          throw new IllegalStateException("this instance takes no events");
        });
  }

  /** Promises an instance in this process that takes events. */
  static OwnInstance taking(Composition parts, ObjectStore objects) {
    DatabaseEndpoint endpoint = parts.endpoint();
    parts.migrateAtStart(endpoint);
    Database database = parts.database(endpoint);
    TextEmbedder embedder = parts.embedder();
    ActiveSpace space = parts.space(endpoint, database, embedder);
    parts.seal(endpoint, database, space);
    MediaModels media = parts.media(endpoint, database).orElse(null);
    Deliveries deliveries = parts.processor(database, space, embedder, media, objects).deliveries();
    Search search = parts.search(database, space, embedder, media);
    return new OwnInstance(database, () -> search, () -> deliveries);
  }
}

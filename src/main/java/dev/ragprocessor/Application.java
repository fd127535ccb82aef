package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.http.Gateway;
import dev.ragprocessor.ingest.MediaModels;
import dev.ragprocessor.ingest.Processor;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.TenantId;
import java.net.URI;

/** The whole program at work, as {@code serve} runs it and as the tests do. */
final class Application {
  private final Configuration configuration;
  private final Database database;
  private final OwnInstance instance;
  private final Gateway gateway;

  private Application(
      Configuration configuration, Database database, OwnInstance instance, Gateway gateway) {
    this.configuration = configuration;
    this.database = database;
    this.instance = instance;
    this.gateway = gateway;
  }

  /**
   * Promises a program that takes events and questions when it returns.
   *
   * @param closables takes every part over; closing them refuses new work, lets what is at work
   *     end, gives leases back, and closes the pool and then a private PostgreSQL
   */
  static Application start(Configuration configuration, Terminal terminal, Closables closables) {
    Composition parts = new Composition(configuration, terminal, closables);
    DatabaseEndpoint endpoint = parts.endpoint();
    parts.migrateAtStart(endpoint);
    Database database = parts.database(endpoint);
    TextEmbedder embedder = parts.embedder();
    ActiveSpace space = parts.space(endpoint, database, embedder);
    parts.seal(endpoint, database, space);
    MediaModels media = parts.media(endpoint, database).orElse(null);
    ObjectStore objects = parts.objects();
    Processor processor = parts.processor(database, space, embedder, media, objects);
    Search search = parts.search(database, space, embedder, media);
    Gateway gateway = parts.gateway(database, processor, search, objects);
    parts.watch(objects, gateway.port());
    OwnInstance instance = new OwnInstance(database, () -> search, processor::deliveries);
    return new Application(configuration, database, instance, gateway);
  }

  Database database() {
    return database;
  }

  /** The product in this process, for whoever asks from within. */
  OwnInstance instance() {
    return instance;
  }

  /** Promises where deliveries and questions go. */
  URI address() {
    return new RoomSettings(configuration).address(gateway.port());
  }

  /** Promises where health and metrics are. */
  URI adminAddress() {
    return new RoomSettings(configuration).address(gateway.adminPort());
  }

  /** The owner of what has no owner in its name. */
  TenantId tenant() {
    return configuration.get(Settings.INGEST_DEFAULT_TENANT);
  }
}

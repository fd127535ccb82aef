package dev.ragprocessor.bench;

import dev.ragprocessor.bucket.LiveObject;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.PrivateCluster;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.StubEmbedder;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.ChunkingSettings;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.extract.ModelTokens;
import dev.ragprocessor.ingest.IngestSettings;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.ingest.Processor;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Events of new objects, from their delivery to their vectors, over a database of their own. */
final class IngestLoad implements AutoCloseable {
  private static final int SENDERS = 4;
  private static final String TEXT =
      """
      # Bread

      Rye flour and water, a day before. Salt last, and no more of it than a spoon.

      ## Oven

      Two hundred and fifty degrees for a quarter of an hour, then two hundred for an hour.
      """;

  private final PrivateCluster cluster;
  private final Database database;
  private final Processor processor;
  private final AtomicLong number = new AtomicLong();

  private IngestLoad(PrivateCluster cluster, Database database, Processor processor) {
    this.cluster = cluster;
    this.database = database;
    this.processor = processor;
  }

  /** Promises the room at work, with a model that costs nothing and a bucket that is a file. */
  static IngestLoad open() {
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-bench-" + UUID.randomUUID());
    PrivateCluster cluster =
        PrivateCluster.start(ClusterSettings.scratch(home, Install.ALLOWED), System.err::println);
    DatabaseUrl url = cluster.createDatabase("bench");
    DatabaseSettings settings =
        DatabaseSettings.of(
            "%s?user=%s&password=%s"
                .formatted(
                    url.jdbcUrl(),
                    url.user(),
                    URLEncoder.encode(url.password().value(), StandardCharsets.UTF_8)));
    Migrations.run(settings, "classpath:db/migration");
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Database database = Database.open(settings, meters);
    StubEmbedder embedder = new StubEmbedder(new EmbedderSettings.Stub(768, Duration.ZERO));
    ActiveSpace space =
        database.inTransaction("bench.space", db -> Spaces.activate(db, embedder.space(), ""));
    Processor processor =
        new Processor(
            settings(),
            Duration.ofSeconds(10),
            database,
            space,
            new OneText(),
            new Extractor(ExtractionSettings.DEFAULT),
            new Chunking(ChunkingSettings.DEFAULT, new ModelTokens(embedder::tokens, 2_048)),
            embedder,
            meters);
    return new IngestLoad(cluster, database, processor);
  }

  private static IngestSettings settings() {
    return new IngestSettings(
        64,
        Duration.ofSeconds(8),
        Duration.ofDays(1),
        Duration.ofHours(1),
        Duration.ofHours(1),
        3,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        2,
        64L << 20,
        new TenantId(new UUID(0, 42)),
        Set.of(),
        Duration.ofDays(31),
        Duration.ofDays(30));
  }

  /** Delivers so many events of new objects, a few at once, and waits until all are stored. */
  void deliver(int events) {
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<Outcome>> outcomes =
          IntStream.range(0, events).mapToObj(_ -> senders.submit(this::deliverOne)).toList();
      for (Future<Outcome> outcome : outcomes) {
        if (!(outcome.get() instanceof Outcome.Processed)) {
          throw new IllegalStateException("not stored: " + outcome.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Outcome deliverOne() {
    long next = number.incrementAndGet();
    ObjectId object = new ObjectId("bench", "letter-%d.md".formatted(next), next);
    return processor
        .deliveries()
        .deliver(
            new StorageEvent.Finalized(
                new EventId("//storage.googleapis.com/bench", String.valueOf(next)),
                attributes(object)));
  }

  private static ObjectAttributes attributes(ObjectId object) {
    return new ObjectAttributes(object, 1, "text/markdown", TEXT.length(), "", false);
  }

  @Override
  public void close() {
    processor.close();
    database.close();
    cluster.close();
  }

  /** Every object has the same text, so that a bucket costs next to nothing. */
  private record OneText() implements ObjectStore {
    @Override
    public Optional<LiveObject> fetch(ObjectId object) {
      try {
        Path file = Files.createTempFile("rag-processor-bench-", ".md");
        return Optional.of(new LiveObject(attributes(object), Files.writeString(file, TEXT)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Optional<ObjectAttributes> describe(ObjectId object) {
      return Optional.of(attributes(object));
    }

    @Override
    public Page list(String bucket, String prefix, String pageToken) {
      return new Page(List.of(), "");
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}

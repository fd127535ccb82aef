package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.embed.ApiKey;
import dev.ragprocessor.embed.GeminiAccess;
import dev.ragprocessor.embed.GeminiEmbedder;
import dev.ragprocessor.embed.GeminiSettings;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.testing.GeminiCall;
import dev.ragprocessor.testing.GeminiStandIn;
import dev.ragprocessor.testing.MemoryBucket;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ingestion against a model over HTTP that counts what it is asked, and has a quota. */
class QuotaIT {
  private static final int JOBS = 60;
  private static final double PER_SECOND = 10;
  private static final int BURST = 10;

  private final GeminiStandIn gemini = GeminiStandIn.start();
  private final MemoryBucket bucket = new MemoryBucket();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger events = new AtomicInteger();
  private final Extractor extractor = new Extractor(ExtractionSettings.DEFAULT);
  private final Database database;
  private final GeminiEmbedder embedder;
  private final Processor processor;

  QuotaIT() throws Exception {
    database = Database.open(DatabaseSettings.of(TestDatabases.migrated()), meters);
    embedder =
        GeminiEmbedder.open(
            GeminiSettings.defaults(new GeminiAccess.DeveloperApi(new ApiKey(GeminiStandIn.KEY)))
                .withBaseUrl(gemini.baseUrl())
                .withRequestLimits(1, 20_000)
                .withBounds(8, Duration.ofSeconds(20), Duration.ofSeconds(60)),
            meters);
    ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, embedder.space(), ""));
    processor =
        new Processor(
            IngestRig.settings(draft -> draft.maxInFlight = 64),
            Duration.ofSeconds(10),
            database,
            space,
            bucket,
            extractor,
            IngestRig.chunking(),
            embedder,
            meters);
  }

  @AfterEach
  void close() {
    processor.close();
    embedder.close();
    extractor.close();
    database.close();
    gemini.close();
  }

  /** The bounds are those of the evidence: calls, wall time, and fairness among equals. */
  @Test
  void a_quota_costs_few_calls_and_little_time_and_nobody_waits_for_long() {
    gemini.setLatency(Duration.ofMillis(50));
    ingest("unlimited");
    int unlimited = gemini.calls().size();
    gemini.setQuota(PER_SECOND, BURST);

    List<Double> waits = ingest("limited");

    assertThat(waits).as("all are processed").hasSize(JOBS);
    int calls = gemini.calls().size() - unlimited;
    assertThat((double) calls / unlimited).as("calls").isLessThanOrEqualTo(1.3);
    double least = (unlimited - BURST) / PER_SECOND;
    assertThat(waits.getLast() / least).as("time").isLessThanOrEqualTo(1.2);
    double median = waits.get(JOBS / 2);
    assertThat(waits.getLast() / median).as("longest wait").isLessThanOrEqualTo(2);
  }

  @Test
  void the_same_file_ten_times_asks_the_model_once_and_a_changed_paragraph_for_its_chunks_only() {
    List<String> sections =
        IntStream.range(0, 12)
            .mapToObj(i -> "# Part %d%n%n%s".formatted(i, "Sentence %d. ".formatted(i).repeat(40)))
            .collect(Collectors.toCollection(ArrayList::new));
    deliver(put("book.md", sections));
    List<String> stored = chunks();
    for (int time = 2; time <= 10; time++) {
      deliver(put("book.md", sections));
      assertThat(chunks()).isEqualTo(stored);
    }
    assertThat(gemini.calls()).hasSameSizeAs(stored);

    sections.set(5, sections.get(5) + " And a new one.");
    deliver(put("book.md", sections));

    List<GeminiCall> more = gemini.calls().subList(stored.size(), gemini.calls().size());
    assertThat(chunks()).filteredOn(chunk -> !stored.contains(chunk)).hasSameSizeAs(more);
    assertThat(more)
        .flatExtracting(GeminiCall::texts)
        .singleElement()
        .asString()
        .endsWith("And a new one.");
  }

  /** Promises how many seconds each object took from the moment when all came, in order. */
  private List<Double> ingest(String prefix) {
    List<ObjectAttributes> objects =
        IntStream.range(0, JOBS)
            .mapToObj(
                job ->
                    put(
                        prefix + job + ".md",
                        IntStream.rangeClosed(0, 1 + job % 3)
                            .mapToObj(part -> "# %s %d %d%n%nText".formatted(prefix, job, part))
                            .toList()))
            .toList();
    double start = number("SELECT extract(epoch FROM clock_timestamp())::float8");
    objects.forEach(object -> Thread.startVirtualThread(() -> deliver(object)));
    await().atMost(Duration.ofMinutes(2)).until(() -> waits(prefix, start).size() == JOBS);
    return waits(prefix, start);
  }

  private List<Double> waits(String prefix, double start) {
    return database.execute(
        db ->
            db.query(
                    """
                    SELECT extract(epoch FROM processed_at)::float8 - ? AS took FROM documents
                     WHERE filename LIKE ? AND status = 'completed' ORDER BY 1
                    """,
                    start,
                    prefix + "%")
                .map(row -> row.column("took").getDouble())
                .toList());
  }

  private ObjectAttributes put(String name, List<String> sections) {
    return bucket.put("library", name, String.join("\n\n", sections));
  }

  private void deliver(ObjectAttributes object) {
    EventId id = new EventId("//storage.googleapis.com/test", "" + events.incrementAndGet());
    assertThat(processor.deliveries().deliver(new StorageEvent.Finalized(id, object)))
        .isInstanceOfAny(Outcome.Processed.class, Outcome.Accepted.class);
  }

  /** The id and the text of each, in order. */
  private List<String> chunks() {
    return database.execute(
        db ->
            db.query(
                    "SELECT id || ' ' || content AS chunk FROM document_chunks ORDER BY"
                        + " chunk_index")
                .map(row -> row.column("chunk").getString())
                .toList());
  }

  private double number(String sql) {
    return database.<Double, RuntimeException>execute(
        db -> db.get(sql).map(row -> row.column(1).getDouble()).orElseThrow());
  }
}

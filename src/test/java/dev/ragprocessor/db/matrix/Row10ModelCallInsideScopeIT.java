package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.cloudevents.EventId;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.StubEmbedder;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.ChunkingSettings;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.extract.ModelTokens;
import dev.ragprocessor.ingest.IngestSettings;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.ingest.Processor;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.testing.MemoryBucket;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** While a model works, its event has no connection. */
class Row10ModelCallInsideScopeIT {
  private static final int SIZE = 2;
  private static final int EVENTS = 20;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(SIZE).permitWait(Duration.ofSeconds(10))));

  /** A model that answers once every event has come to it, and looks at the pool meanwhile. */
  private static final class MeetingEmbedder implements TextEmbedder {
    private final TextEmbedder model =
        new StubEmbedder(new EmbedderSettings.Stub(16, Duration.ZERO));
    private final AtomicInteger active = new AtomicInteger(-1);
    private final CyclicBarrier all =
        new CyclicBarrier(EVENTS, () -> active.set(open.database().state().active()));

    @Override
    public List<float[]> embedChunks(String title, List<String> chunks) {
      try {
        all.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException failure) {
        throw new AssertionError("not all events are with the model at once", failure);
      }
      return model.embedChunks(title, chunks);
    }

    @Override
    public Space space() {
      return model.space();
    }

    @Override
    public int maxTokens() {
      return 2_048;
    }

    @Override
    public int tokens(String text) {
      return text.length();
    }

    @Override
    public int maxCharacters() {
      return model.maxCharacters();
    }

    @Override
    public float[] embedQuestion(String question) {
      return model.embedQuestion(question);
    }

    @Override
    public void close() {
      model.close();
    }
  }

  @Test
  void asking_a_model_inside_a_scope_is_refused() {
    try (TextEmbedder model = new StubEmbedder(new EmbedderSettings.Stub(16, Duration.ZERO))) {
      assertThatThrownBy(
              () -> open.database().execute("asking", db -> model.embedQuestion("where?")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("inside the scope asking");
      assertThat(model.embedQuestion("where?")).hasSize(16);
    }
  }

  @Test
  void twenty_events_are_with_the_model_at_once_over_a_pool_of_two_and_none_is_lent()
      throws InterruptedException, ExecutionException {
    Database database = open.database();
    Migrations.run(DatabaseSettings.of(open.url()), "classpath:db/migration");
    MemoryBucket bucket = new MemoryBucket();
    try (MeetingEmbedder model = new MeetingEmbedder();
        ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor()) {
      ActiveSpace space = database.inTransaction(db -> Spaces.activate(db, model.space(), ""));
      try (Processor processor = processor(space, bucket, model)) {
        List<Future<Outcome>> outcomes = new ArrayList<>();
        for (int event = 0; event < EVENTS; event++) {
          ObjectAttributes object = bucket.put("library", event + ".txt", "Text " + event);
          StorageEvent finalized =
              new StorageEvent.Finalized(new EventId("test", "" + event), object);
          outcomes.add(deliveries.submit(() -> processor.deliveries().deliver(finalized)));
        }
        for (Future<Outcome> outcome : outcomes) {
          outcome.get();
        }
      }
      assertThat(model.active).hasValue(0);
    }
    long documents = database.execute(db -> Backends.rows(db, "documents"));
    assertThat(documents).isEqualTo(EVENTS);
  }

  private static Processor processor(ActiveSpace space, MemoryBucket bucket, TextEmbedder model) {
    Duration never = Duration.ofHours(1);
    IngestSettings settings =
        new IngestSettings(
            EVENTS,
            Duration.ofSeconds(8),
            never.multipliedBy(2),
            never,
            never,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            2,
            64L << 20,
            new TenantId(new UUID(0, 42)),
            Set.of(),
            Duration.ofDays(31),
            Duration.ofDays(30));
    return new Processor(
        settings,
        Duration.ofSeconds(10),
        open.database(),
        space,
        bucket,
        new Extractor(ExtractionSettings.DEFAULT),
        new Chunking(ChunkingSettings.DEFAULT, new ModelTokens(String::length, 2_048)),
        model,
        new SimpleMeterRegistry());
  }
}

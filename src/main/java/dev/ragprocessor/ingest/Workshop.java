package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What works on events in one process, put together: nothing in it runs before it is called.
 *
 * @param inFlight the events at work
 * @param deadlines of those who wait for them; to be looked at every {@link Deadlines#TICK}
 * @param deliveries where events are delivered
 * @param sweeper takes up jobs that nobody works on
 */
record Workshop(InFlight inFlight, Deadlines deadlines, Deliveries deliveries, Sweeper sweeper) {
  /** The same without models for media. */
  static Workshop of(
      IngestSettings settings,
      Scopes gate,
      Scopes database,
      ActiveSpace space,
      ObjectStore objects,
      Extractor extractor,
      Chunking chunking,
      TextEmbedder embedder,
      MeterRegistry meters,
      Tracing tracing) {
    return of(
        settings, gate, database, space, objects, extractor, chunking, embedder, null, meters,
        tracing);
  }

  /**
   * @param gate where ingestion's own reads and writes wait
   * @param database for lease work, which ingestion must not starve
   * @param media null where no model reads images and recordings
   */
  static Workshop of(
      IngestSettings settings,
      Scopes gate,
      Scopes database,
      ActiveSpace space,
      ObjectStore objects,
      Extractor extractor,
      Chunking chunking,
      TextEmbedder embedder,
      @Nullable MediaModels media,
      MeterRegistry meters,
      Tracing tracing) {
    String owner = "%d@%s".formatted(ProcessHandle.current().pid(), UUID.randomUUID());
    InFlight inFlight = new InFlight(settings.maxInFlight(), meters, tracing);
    Deadlines deadlines = new Deadlines();
    Stages stages = new Stages(meters, tracing);
    MediaVectors vectors = media == null ? null : media.vectors();
    ActiveSpace mediaSpace = vectors == null ? null : vectors.space();
    Ingestion ingestion =
        new Ingestion(
            gate,
            database,
            new Preparation(
                objects,
                extractor,
                chunking,
                embedder,
                settings,
                stages,
                media == null
                    ? null
                    : new MediaPreparation(
                        media, objects, chunking, embedder, space, gate, stages)),
            new WorkingMemory(settings.workingMemory(), embedder.space().dimensions()),
            new Ledger(space, mediaSpace, owner, settings.lease()),
            space,
            new RetryPolicy(
                settings.maxAttempts(),
                settings.firstRetryDelay(),
                settings.maxRetryDelay(),
                new Random()),
            deadlines,
            stages);
    return new Workshop(
        inFlight,
        deadlines,
        new Deliveries(settings, ingestion, inFlight, deadlines, meters, tracing),
        new Sweeper(
            database,
            ingestion,
            inFlight,
            settings,
            owner,
            mediaSpace == null ? List.of(space) : List.of(space, mediaSpace)));
  }
}

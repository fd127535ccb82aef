package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunk;
import dev.ragprocessor.extract.Chunker;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.Extracted;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.FileKind;
import dev.ragprocessor.extract.media.MediaReader;
import dev.ragprocessor.extract.media.MediaSegment;
import dev.ragprocessor.extract.media.MediaText;
import dev.ragprocessor.extract.media.Medium;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.Stage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The long part of the work on an image or a recording: text of it, chunks, and vectors of both.
 * What models made is remembered until all of it is there. Models are asked outside of scopes. Safe
 * for use by many threads.
 */
final class MediaPreparation {
  private final MediaReader reader;
  private final MediaAccess access;
  private final @Nullable MediaVectors vectors;
  private final MediaEmbedding embedding;
  private final Chunking chunking;
  private final Scopes gate;
  private final Stages stages;

  MediaPreparation(
      MediaModels models,
      ObjectStore objects,
      Chunking chunking,
      TextEmbedder embedder,
      ActiveSpace space,
      Scopes gate,
      Stages stages) {
    this.reader = models.reader();
    this.access = new MediaAccess(reader, objects);
    this.vectors = models.vectors();
    this.embedding = new MediaEmbedding(embedder, space, vectors);
    this.chunking = chunking;
    this.gate = gate;
    this.stages = stages;
  }

  /** Whether an object may turn out to be a medium that models read where it lies. */
  boolean mayBeReadInBucket(ObjectAttributes object) {
    return access.mayBeReadInBucket(object);
  }

  /** Promises which medium the live object is, if it is one that models read where it lies. */
  Optional<Extracted.Media> inBucket(BucketBytes bytes) {
    return access.inBucket(bytes);
  }

  /**
   * Promises what is to be stored of a medium that is read in its bucket.
   *
   * @throws ChangedMeanwhileException when another generation was live at the end: models read
   *     whichever is
   * @throws VectorsMissingException when only the model of its own vectors cannot answer now
   * @throws dev.ragprocessor.store.InactiveSpaceException when that model is not the one any more
   */
  Prepared readInBucket(
      DocumentVersion version, Extracted.Media media, BucketBytes bytes, Consumer<Stage> enter)
      throws InterruptedException {
    Prepared prepared;
    try {
      prepared = access.readInBucket(media, bytes, medium -> read(version, medium, enter));
    } catch (ExtractionException e) {
      prepared = new Prepared.Unusable(version, Failures.reason(e));
    } catch (VectorsMissingException e) {
      bytes.requireLive();
      throw e;
    }
    bytes.requireLive();
    return prepared;
  }

  /**
   * Promises what is to be stored of a medium that was fetched.
   *
   * @throws VectorsMissingException when only the model of its own vectors cannot answer now
   * @throws dev.ragprocessor.store.InactiveSpaceException when that model is not the one any more
   */
  Prepared readFetched(
      DocumentVersion version, Extracted.Media media, Path content, Consumer<Stage> enter)
      throws InterruptedException {
    try {
      return access.readFetched(
          media, content, version.size(), medium -> read(version, medium, enter));
    } catch (ExtractionException e) {
      return new Prepared.Unusable(version, Failures.reason(e));
    }
  }

  private Prepared read(DocumentVersion version, Medium medium, Consumer<Stage> enter)
      throws ExtractionException {
    requireActive();
    MediaMemory memory = MediaMemory.of(gate, version);
    enter.accept(
        switch (medium.category()) {
          case IMAGES, VIDEOS -> Stage.ANALYZING;
          case AUDIO -> Stage.TRANSCRIBING;
        });
    MediaEvent reading = new MediaEvent(version.size());
    MediaText text = stages.run(reading, () -> reader.read(medium, memory), reading::read);
    enter.accept(Stage.SPLITTING);
    List<MediaChunk> chunks = split(text, medium);
    enter.accept(Stage.EMBEDDING);
    return embedded(version, medium, text, chunks, memory);
  }

  /** Nothing is paid for that could not be stored. */
  private void requireActive() {
    if (vectors != null) {
      ActiveSpace space = vectors.space();
      gate.executeIdempotent(
          "ingest.space",
          db -> {
            Spaces.requireActive(db, space);
            return true;
          });
    }
  }

  private List<MediaChunk> split(MediaText text, Medium medium) {
    Chunker chunker =
        chunking.of(
            switch (medium.category()) {
              case IMAGES -> FileKind.IMAGE;
              case VIDEOS -> FileKind.VIDEO;
              case AUDIO -> FileKind.AUDIO;
            });
    List<MediaChunk> chunks = new ArrayList<>();
    for (int number = 0; number < text.segments().size(); number++) {
      MediaSegment segment = text.segments().get(number);
      for (Chunk chunk : chunker.chunk(segment.passages())) {
        chunks.add(new MediaChunk(chunk.text(), segment, number, chunk.index() == 0));
      }
    }
    return chunks;
  }

  private Prepared embedded(
      DocumentVersion version,
      Medium medium,
      MediaText text,
      List<MediaChunk> chunks,
      MediaMemory memory) {
    List<UUID> ids = ids(version, chunks);
    MediaEmbedding.Made made =
        stages.run(
            new EmbedEvent(chunks.size(), chunks.size()),
            () -> embedding.embed(version, medium, chunks, ids, memory),
            _ -> {});
    Instant now = Instant.now();
    List<EmbeddedChunk> stored = new ArrayList<>(chunks.size());
    for (int index = 0; index < chunks.size(); index++) {
      MediaChunk chunk = chunks.get(index);
      stored.add(
          new EmbeddedChunk(
              ids.get(index),
              index,
              chunk.text(),
              chunk.context(version),
              chunk.metadata(version, text.segments().size(), reader.model(), now),
              made.texts().get(index),
              chunk.first() ? made.media().get(chunk.number()) : null));
    }
    List<String> missing = new ArrayList<>(text.gaps());
    missing.addAll(made.missing());
    Prepared.Ready ready = new Prepared.Ready(version, stored, sentence(missing));
    if (made.failure() != null) {
      throw new VectorsMissingException(ready, made.failure());
    }
    return ready;
  }

  private List<UUID> ids(DocumentVersion version, List<MediaChunk> chunks) {
    Map<String, Integer> occurrences = new HashMap<>();
    List<UUID> ids = new ArrayList<>(chunks.size());
    for (MediaChunk chunk : chunks) {
      int occurrence = occurrences.merge(chunk.text(), 1, Integer::sum);
      ids.add(Chunks.idOf(version.object(), chunk.text(), occurrence));
    }
    return ids;
  }

  /** A film of hours may have many gaps; a person looks at the first ones. */
  private static String sentence(List<String> missing) {
    int most = 5;
    String first = String.join("; ", missing.subList(0, Math.min(most, missing.size())));
    return missing.size() > most
        ? "%s; and %d more".formatted(first, missing.size() - most)
        : first;
  }
}

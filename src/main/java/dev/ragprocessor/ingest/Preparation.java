package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.LiveObject;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.bucket.ObjectTooLargeException;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunk;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.Extracted;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.ObjectState;
import dev.ragprocessor.store.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The long part of an event's work: fetch, extract, chunk, embed. It holds no connection meanwhile.
 * Safe for use by many threads.
 */
final class Preparation {
  private final ObjectStore objects;
  private final Extractor extractor;
  private final Chunking chunking;
  private final TextEmbedder embedder;
  private final Tenants tenants;
  // Fair, so that a large file is not overtaken for ever; parsing is what costs memory.
  private final Semaphore extractions;
  private final Stages stages;
  private final @Nullable MediaPreparation media;

  /**
   * @param media for images and recordings; null where no model reads them
   */
  Preparation(
      ObjectStore objects,
      Extractor extractor,
      Chunking chunking,
      TextEmbedder embedder,
      IngestSettings settings,
      Stages stages,
      @Nullable MediaPreparation media) {
    this.objects = objects;
    this.extractor = extractor;
    this.chunking = chunking;
    this.embedder = embedder;
    this.tenants = new Tenants(settings.defaultTenant());
    this.extractions = new Semaphore(settings.maxExtractions(), true);
    this.stages = stages;
    this.media = media;
  }

  /** What the event alone says of the document, before anything is fetched. */
  DocumentVersion announced(ObjectAttributes event) {
    return version(event, event.contentType(), FileCategory.DOCUMENTS);
  }

  /**
   * Promises what is to be stored for the live object.
   *
   * @param event the object as the event names it
   * @param known what the database had a moment ago
   * @param knownChunks the ids of the chunks that have their vectors already
   * @param enter is told of each stage, and throws to stop the work
   * @param share of what documents may take of the heap, to be closed when they are stored
   */
  Prepared prepare(
      ObjectAttributes event,
      ObjectState known,
      Set<UUID> knownChunks,
      Consumer<Stage> enter,
      WorkingMemory.Share share)
      throws IOException, InterruptedException {
    Optional<Prepared> unfetched = prepareInBucket(event, known, knownChunks, enter);
    if (unfetched.isPresent()) {
      return unfetched.get();
    }
    share.expect(event.size());
    enter.accept(Stage.DOWNLOADING);
    try {
      FetchEvent fetch = new FetchEvent();
      Optional<LiveObject> fetched =
          stages.run(fetch, () -> objects.fetch(event.object()), fetch::fetched);
      if (fetched.isEmpty()) {
        return new Prepared.Gone();
      }
      try (LiveObject live = fetched.get()) {
        stages.fetched(live.attributes().size());
        return prepare(newest(event, live.attributes()), live, known, knownChunks, enter, share);
      }
    } catch (ObjectTooLargeException e) {
      return new Prepared.Unusable(announced(event), Failures.reason(e));
    }
  }

  /** Promises the same of a medium that models read where it lies; empty for all else. */
  private Optional<Prepared> prepareInBucket(
      ObjectAttributes event, ObjectState known, Set<UUID> knownChunks, Consumer<Stage> enter)
      throws InterruptedException {
    if (media == null || !media.mayBeReadInBucket(event)) {
      return Optional.empty();
    }
    Optional<ObjectAttributes> live = objects.describe(event.object());
    if (live.isEmpty()) {
      return Optional.of(new Prepared.Gone());
    }
    Optional<Prepared> settled = settled(live.get(), known, knownChunks);
    if (settled.isPresent()) {
      return settled;
    }
    BucketBytes bytes = new BucketBytes(objects, live.get());
    Optional<Extracted.Media> found = media.inBucket(bytes);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    DocumentVersion version =
        version(live.get(), found.get().mediaType(), category(found.get().category()));
    return Optional.of(media.readInBucket(version, found.get(), bytes, enter));
  }

  private Prepared prepare(
      ObjectAttributes object,
      LiveObject live,
      ObjectState known,
      Set<UUID> knownChunks,
      Consumer<Stage> enter,
      WorkingMemory.Share share)
      throws InterruptedException {
    Optional<Prepared> settled = settled(object, known, knownChunks);
    if (settled.isPresent()) {
      return settled.get();
    }
    enter.accept(Stage.PARSING);
    try {
      return switch (extract(live, object, enter, share)) {
        case Cut cut -> embed(object, cut, knownChunks, enter);
        case Medium(Extracted.Media found) -> read(object, found, live, enter);
      };
    } catch (ExtractionException e) {
      return new Prepared.Unusable(announced(object), Failures.reason(e));
    }
  }

  private Prepared read(
      ObjectAttributes object, Extracted.Media found, LiveObject live, Consumer<Stage> enter)
      throws InterruptedException {
    DocumentVersion version = version(object, found.mediaType(), category(found.category()));
    return media == null
        ? new Prepared.Unusable(version, withoutModel(found.mediaType()))
        : media.readFetched(version, found, live.content(), enter);
  }

  private static String withoutModel(String mediaType) {
    return """
    %s files need a model that describes or transcribes them, and none is configured: set \
    media.reader to gemini, and embedder.gemini.api-key, or embedder.gemini.project and \
    embedder.gemini.location\
    """
        .formatted(mediaType);
  }

  /** What a live object needs no work for. */
  private Optional<Prepared> settled(
      ObjectAttributes object, ObjectState known, Set<UUID> knownChunks) {
    return switch (known.standing(object.object().generation())) {
      case DONE -> Optional.of(new Prepared.Old(new Outcome.Duplicate()));
      case SUPERSEDED -> Optional.of(new Prepared.Old(new Outcome.Superseded()));
      case NEW, CLAIMED ->
          sameBytes(object, known) && !knownChunks.isEmpty()
              ? Optional.of(new Prepared.Unchanged(announced(object)))
              : Optional.empty();
    };
  }

  /** What was found in a file. */
  private sealed interface Read {}

  /** A text, and room for its chunks and their vectors. */
  private record Cut(Extracted.Text text, List<Chunk> chunks) implements Read {}

  private record Medium(Extracted.Media found) implements Read {}

  private Read extract(
      LiveObject live, ObjectAttributes object, Consumer<Stage> enter, WorkingMemory.Share share)
      throws ExtractionException, InterruptedException {
    String name = object.object().name();
    Optional<byte[]> plain = live.bytes().filter(bytes -> extractor.isPlain(bytes, name));
    if (plain.isPresent()) {
      // Reading it takes less than waiting for a turn.
      ExtractEvent extract = new ExtractEvent(object.size(), 0);
      return cut(
          stages.run(extract, () -> extractor.extractPlain(plain.get()), extract::extracted),
          enter,
          share);
    }
    // Nobody waits for a turn with what those need who have one.
    share.close();
    long came = System.nanoTime();
    extractions.acquire();
    try {
      ExtractEvent extract = new ExtractEvent(object.size(), System.nanoTime() - came);
      Extracted extracted =
          stages.run(
              extract,
              () -> extractor.extract(live.content(), name, object.contentType()),
              extract::extracted);
      return cut(extracted, enter, share); // within the turn: what was read takes memory as well
    } finally {
      extractions.release();
    }
  }

  private Read cut(Extracted extracted, Consumer<Stage> enter, WorkingMemory.Share share)
      throws InterruptedException {
    return switch (extracted) {
      case Extracted.Media found -> new Medium(found);
      case Extracted.Text text -> {
        enter.accept(Stage.SPLITTING);
        ChunkEvent cutting = new ChunkEvent(text.passages().size());
        List<Chunk> chunks =
            stages.run(
                cutting, () -> chunking.of(text.kind()).chunk(text.passages()), cutting::cut);
        share.take(chunks);
        yield new Cut(text, chunks);
      }
    };
  }

  private Prepared embed(
      ObjectAttributes object, Cut cut, Set<UUID> knownChunks, Consumer<Stage> enter) {
    Extracted.Text text = cut.text();
    List<Chunk> chunks = cut.chunks();
    DocumentVersion version = version(object, text.mediaType(), FileCategory.DOCUMENTS);
    List<UUID> ids = ids(object.object(), chunks);
    List<Integer> fresh = new ArrayList<>();
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      if (!knownChunks.contains(ids.get(chunk))) {
        fresh.add(chunk);
      }
    }
    enter.accept(Stage.EMBEDDING);
    String title = text.title().isBlank() ? version.filename() : text.title();
    List<String> texts = fresh.stream().map(chunk -> chunks.get(chunk).text()).toList();
    List<float[]> vectors = texts.isEmpty() ? List.of() : vectors(title, texts, chunks.size());
    Map<Integer, float[]> vectorOf = HashMap.newHashMap(fresh.size());
    for (int position = 0; position < fresh.size(); position++) {
      vectorOf.put(fresh.get(position), vectors.get(position));
    }
    List<EmbeddedChunk> embedded = new ArrayList<>(chunks.size());
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      embedded.add(
          new EmbeddedChunk(
              ids.get(chunk),
              chunk,
              chunks.get(chunk).text(),
              ChunkPlace.context(title, chunks.get(chunk).place()),
              ChunkPlace.metadata(version, title, chunks.get(chunk)),
              vectorOf.get(chunk)));
    }
    return new Prepared.Ready(version, embedded);
  }

  private List<float[]> vectors(String title, List<String> texts, int chunks) {
    return stages.run(
        new EmbedEvent(chunks, texts.size()), () -> embedder.embedChunks(title, texts), _ -> {});
  }

  private List<UUID> ids(ObjectId object, List<Chunk> chunks) {
    Map<String, Integer> occurrences = new HashMap<>();
    List<UUID> ids = new ArrayList<>(chunks.size());
    for (Chunk chunk : chunks) {
      int occurrence = occurrences.merge(chunk.text(), 1, Integer::sum);
      ids.add(Chunks.idOf(object, chunk.text(), occurrence));
    }
    return ids;
  }

  private DocumentVersion version(
      ObjectAttributes object, String mediaType, FileCategory category) {
    return new DocumentVersion(
        object.object(),
        object.metageneration(),
        tenants.of(object.object()),
        Math.max(0, object.size()), // an announced size may be unknown; a fetched one never is
        object.crc32c(),
        mediaType.isBlank() ? "application/octet-stream" : mediaType,
        category);
  }

  // The live object may be newer than the event. It is never older, but for a directory, whose
  // events may carry generations that it did not issue: then the event's is the clock.
  private static ObjectAttributes newest(ObjectAttributes event, ObjectAttributes live) {
    if (live.object().generation() >= event.object().generation()) {
      return live;
    }
    return new ObjectAttributes(
        event.object(),
        event.metageneration(),
        live.contentType(),
        live.size(),
        live.crc32c(),
        live.customerEncrypted());
  }

  private static boolean sameBytes(ObjectAttributes object, ObjectState known) {
    ObjectState.StoredDocument document = known.document();
    return document != null
        && document.completed()
        && !object.crc32c().isEmpty()
        && object.crc32c().equals(document.crc32c())
        && object.size() == document.size();
  }

  private static FileCategory category(Extracted.Media.Category category) {
    return switch (category) {
      case IMAGES -> FileCategory.IMAGES;
      case VIDEOS -> FileCategory.VIDEOS;
      case AUDIO -> FileCategory.AUDIO;
    };
  }
}

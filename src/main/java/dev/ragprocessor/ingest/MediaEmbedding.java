package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.embed.MediaPart;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.media.MediaSegment;
import dev.ragprocessor.extract.media.Medium;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.MediaVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the vectors of a medium: of its text in the text space, and of itself, segment by segment,
 * in the space of media. What was made when a model fails is kept for the next attempt. Safe for
 * use by many threads.
 */
final class MediaEmbedding {
  private final TextEmbedder embedder;
  private final ActiveSpace space;
  private final @Nullable MediaVectors vectors;

  /**
   * @param space of texts
   * @param vectors of media; null for none
   */
  MediaEmbedding(TextEmbedder embedder, ActiveSpace space, @Nullable MediaVectors vectors) {
    this.embedder = embedder;
    this.space = space;
    this.vectors = vectors;
  }

  /**
   * The vectors that were made.
   *
   * @param texts one a chunk
   * @param media by the segment's number; a segment that the model does not take has none
   * @param missing why segments have none, for a person
   * @param failure of the model of media, which has not answered for all of them; null when it has
   */
  record Made(
      Map<Integer, float[]> texts,
      Map<Integer, MediaVector> media,
      List<String> missing,
      @Nullable EmbeddingException failure) {}

  /**
   * @param ids of the chunks
   * @throws EmbeddingException when the model of texts cannot answer now, or the settings of one of
   *     them are wrong
   */
  Made embed(
      DocumentVersion version,
      Medium medium,
      List<MediaChunk> chunks,
      List<UUID> ids,
      MediaMemory memory) {
    Map<Integer, float[]> texts = texts(version.filename(), chunks, ids, memory);
    if (vectors == null) {
      return new Made(texts, Map.of(), List.of(), null);
    }
    SequencedMap<Integer, MediaSegment> segments = new LinkedHashMap<>();
    chunks.forEach(chunk -> segments.put(chunk.number(), chunk.segment()));
    Made made = media(vectors, medium, segments, texts, memory);
    if (made.failure() != null) {
      memory.keepVectors(named(texts, index -> textName(ids.get(index))));
    }
    return made;
  }

  private Map<Integer, float[]> texts(
      String title, List<MediaChunk> chunks, List<UUID> ids, MediaMemory memory) {
    Map<Integer, float[]> made = new ConcurrentHashMap<>();
    List<Integer> open = new ArrayList<>();
    for (int index = 0; index < chunks.size(); index++) {
      Optional<float[]> known = memory.recallVector(textName(ids.get(index)));
      if (known.isPresent()) {
        made.put(index, known.get());
      } else {
        open.add(index);
      }
    }
    if (open.isEmpty()) {
      return made;
    }
    List<String> texts = open.stream().map(index -> chunks.get(index).text()).toList();
    try {
      embedder.embedChunks(
          title, texts, (position, vector) -> made.put(open.get(position), vector));
    } catch (EmbeddingException e) {
      memory.keepVectors(named(made, index -> textName(ids.get(index))));
      throw e;
    }
    return made;
  }

  private static Made media(
      MediaVectors vectors,
      Medium medium,
      SequencedMap<Integer, MediaSegment> segments,
      Map<Integer, float[]> texts,
      MediaMemory memory) {
    Map<Integer, float[]> made = new ConcurrentHashMap<>();
    List<Integer> open = new ArrayList<>();
    List<MediaPart> parts = new ArrayList<>();
    int notTaken = 0;
    for (Map.Entry<Integer, MediaSegment> segment : segments.entrySet()) {
      MediaPart part = medium.during(segment.getValue().range());
      Optional<float[]> known = memory.recallVector(mediaName(vectors, segment.getValue()));
      if (known.isPresent()) {
        made.put(segment.getKey(), known.get());
      } else if (vectors.embedder().takes(part)) {
        open.add(segment.getKey());
        parts.add(part);
      } else {
        notTaken++;
      }
    }
    EmbeddingException failure = null;
    if (!parts.isEmpty()) {
      try {
        vectors
            .embedder()
            .embedMedia(parts, (position, vector) -> made.put(open.get(position), vector));
      } catch (EmbeddingException e) {
        memory.keepVectors(named(made, number -> mediaName(vectors, segments.get(number))));
        if (e.kind() == Kind.MISCONFIGURED) {
          throw e;
        }
        failure = e;
      }
    }
    Map<Integer, MediaVector> stored = HashMap.newHashMap(made.size());
    made.forEach((number, vector) -> stored.put(number, new MediaVector(vectors.space(), vector)));
    Missing missing = new Missing(vectors.space().space().model(), segments.size());
    return new Made(
        texts,
        stored,
        missing.sentences(medium, notTaken, segments.size() - made.size() - notTaken, failure),
        failure);
  }

  private static Map<String, float[]> named(
      Map<Integer, float[]> vectors, IntFunction<String> name) {
    Map<String, float[]> named = HashMap.newHashMap(vectors.size());
    vectors.forEach((number, vector) -> named.put(name.apply(number), vector));
    return named;
  }

  private String textName(UUID chunk) {
    return "text vector|%d|%s".formatted(space.id(), chunk);
  }

  private static String mediaName(MediaVectors vectors, @Nullable MediaSegment segment) {
    TimeRange range = segment == null ? null : segment.range();
    return "media vector|%d|%s"
        .formatted(vectors.space().id(), range == null ? "" : range.start() + "-" + range.end());
  }

  /** What to say of segments without a vector. */
  private record Missing(String model, int segments) {
    List<String> sentences(
        Medium medium, int notTaken, int others, @Nullable EmbeddingException failure) {
      List<String> sentences = new ArrayList<>();
      if (notTaken > 0) {
        String length = medium.category() == Category.IMAGES ? "" : " of this length";
        sentences.add(
            sentence(
                notTaken,
                "%s does not take %s%s".formatted(model, medium.part().mediaType(), length)));
      }
      if (others > 0) {
        String why = failure == null ? model + " refused it" : Failures.reason(failure);
        sentences.add(sentence(others, why));
      }
      return sentences;
    }

    private String sentence(int some, String why) {
      String share = some == segments ? "it" : "%d of its %d parts".formatted(some, segments);
      return "%s has no vector of its own and is found only by its text: %s".formatted(share, why);
    }
  }
}

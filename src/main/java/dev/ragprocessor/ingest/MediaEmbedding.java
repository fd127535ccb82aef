package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.MediaPart;
import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.media.MediaSegment;
import dev.ragprocessor.extract.media.Medium;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.MediaVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
   */
  record Made(Map<Integer, float[]> texts, Map<Integer, MediaVector> media, List<String> missing) {}

  /**
   * @param ids of the chunks
   * @throws EmbeddingException when a model cannot answer now
   */
  Made embed(
      DocumentVersion version,
      Medium medium,
      List<MediaChunk> chunks,
      List<UUID> ids,
      MediaMemory memory) {
    Map<Integer, float[]> texts = texts(version.filename(), chunks, ids, memory);
    if (vectors == null) {
      return new Made(texts, Map.of(), List.of());
    }
    Map<Integer, MediaSegment> segments = new HashMap<>();
    chunks.forEach(chunk -> segments.put(chunk.number(), chunk.segment()));
    return media(vectors, medium, segments, texts, memory);
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
    if (!open.isEmpty()) {
      List<String> texts = open.stream().map(index -> chunks.get(index).text()).toList();
      keptOnFailure(
          memory,
          () ->
              embedder.embedChunks(
                  title, texts, (position, vector) -> made.put(open.get(position), vector)),
          () -> named(made, index -> textName(ids.get(index))));
    }
    return made;
  }

  private static Made media(
      MediaVectors vectors,
      Medium medium,
      Map<Integer, MediaSegment> segments,
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
    if (!parts.isEmpty()) {
      keptOnFailure(
          memory,
          () ->
              vectors
                  .embedder()
                  .embedMedia(parts, (position, vector) -> made.put(open.get(position), vector)),
          () -> named(made, number -> mediaName(vectors, segments.get(number))));
    }
    Map<Integer, MediaVector> stored = new HashMap<>();
    made.forEach((number, vector) -> stored.put(number, new MediaVector(vectors.space(), vector)));
    return new Made(
        texts,
        stored,
        missing(vectors, medium, segments.size(), notTaken, segments.size() - made.size()));
  }

  private static List<String> missing(
      MediaVectors vectors, Medium medium, int segments, int notTaken, int without) {
    List<String> missing = new ArrayList<>();
    String model = vectors.space().space().model();
    if (notTaken > 0) {
      missing.add(
          "%s has no vector of its own and is found by its text: %s does not take %s%s"
              .formatted(
                  share(notTaken, segments),
                  model,
                  medium.part().mediaType(),
                  medium.category() == dev.ragprocessor.extract.Extracted.Media.Category.IMAGES
                      ? ""
                      : " of this length"));
    }
    if (without > notTaken) {
      missing.add(
          "%s has no vector of its own and is found by its text: %s refused it"
              .formatted(share(without - notTaken, segments), model));
    }
    return missing;
  }

  private static String share(int some, int all) {
    return some == all ? "it" : "a part of it (%d of %d)".formatted(some, all);
  }

  private static void keptOnFailure(
      MediaMemory memory,
      Runnable embedding,
      java.util.function.Supplier<Map<String, float[]>> made) {
    try {
      embedding.run();
    } catch (EmbeddingException e) {
      memory.keepVectors(made.get());
      throw e;
    }
  }

  private static Map<String, float[]> named(
      Map<Integer, float[]> vectors, java.util.function.IntFunction<String> name) {
    Map<String, float[]> named = HashMap.newHashMap(vectors.size());
    vectors.forEach((number, vector) -> named.put(name.apply(number), vector));
    return named;
  }

  private String textName(UUID chunk) {
    return "text vector|%d|%s".formatted(space.id(), chunk);
  }

  private static String mediaName(MediaVectors vectors, @Nullable MediaSegment segment) {
    return "media vector|%d|%s"
        .formatted(
            vectors.space().id(),
            segment == null || segment.range() == null ? "whole" : segment.range());
  }
}

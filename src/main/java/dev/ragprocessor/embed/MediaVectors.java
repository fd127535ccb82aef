package dev.ragprocessor.embed;

import dev.ragprocessor.store.ActiveSpace;

/**
 * Who makes vectors of media, and where they are stored and searched.
 *
 * @param embedder borrowed, not closed
 * @param space the active one of media, which the embedder's vectors are of
 */
public record MediaVectors(MediaEmbedder embedder, ActiveSpace space) {
  public MediaVectors {
    if (!embedder.space().equals(space.space())) {
      throw new IllegalArgumentException(
          "the embedder makes vectors of %s, stored are those of %s"
              .formatted(embedder.space(), space.space()));
    }
  }
}

package dev.ragprocessor.store;

/**
 * The vector of a medium, or of a stretch of it.
 *
 * @param space that it is of, the active one of kind {@link SpaceKind#MULTIMODAL}
 * @param values the model's own array: nobody changes it
 */
@SuppressWarnings("ArrayRecordComponent")
public record MediaVector(ActiveSpace space, float[] values) {
  public MediaVector {
    if (space.kind() != SpaceKind.MULTIMODAL || values.length != space.space().dimensions()) {
      throw new IllegalArgumentException(
          "not a vector of the space: %d dimensions for %s".formatted(values.length, space));
    }
  }
}

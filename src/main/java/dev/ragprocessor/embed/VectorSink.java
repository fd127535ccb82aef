package dev.ragprocessor.embed;

/** Takes vectors as soon as they are made, so that they outlive a failure of what comes after. */
@FunctionalInterface
public interface VectorSink {
  /**
   * Takes one vector. Called by several threads at once.
   *
   * @param position of the chunk in the list that was given
   */
  void accept(int position, float[] vector);
}

package dev.ragprocessor.embed;

/** Scales vectors to length 1, as the cosine distance and every space of this service want them. */
final class UnitLength {
  private UnitLength() {}

  /**
   * Scales a vector in place and returns it.
   *
   * @throws ArithmeticException when it has no direction: all zero, or not finite
   */
  static float[] of(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (!(length > 0) || Double.isInfinite(length)) {
      throw new ArithmeticException("a vector of length " + length + " has no direction");
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }
}

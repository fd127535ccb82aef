package dev.ragprocessor.store;

/** What a segment's index keeps of each number of a vector. The stored vectors keep all. */
public enum IndexPrecision {
  /** 32 bits, as the vector has. */
  VECTOR,
  /**
   * 16 bits: half the memory and half the pages. The nearest by these are ranked anew by the stored
   * vectors.
   */
  HALFVEC
}

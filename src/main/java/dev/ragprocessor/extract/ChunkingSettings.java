package dev.ragprocessor.extract;

/**
 * How large chunks are.
 *
 * @param maxCharacters no chunk is longer, in UTF-16 units; 100 to 20,000, default 1000
 * @param overlap how much of a chunk's end the next one may repeat, in UTF-16 units; 0 or more,
 *     less than {@code maxCharacters}, default 200
 */
public record ChunkingSettings(int maxCharacters, int overlap) {
  /** The defaults named above. */
  public static final ChunkingSettings DEFAULT = new ChunkingSettings(1000, 200);

  public ChunkingSettings {
    if (maxCharacters < 100 || maxCharacters > 20_000) {
      throw new IllegalArgumentException(
          "maxCharacters must be from 100 to 20000: " + maxCharacters);
    }
    if (overlap < 0 || overlap >= maxCharacters) {
      throw new IllegalArgumentException(
          "overlap must be from 0 to below maxCharacters (" + maxCharacters + "): " + overlap);
    }
  }
}

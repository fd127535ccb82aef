package dev.ragprocessor.extract;

import java.time.Duration;

/**
 * How much one file may cost before its extraction is given up.
 *
 * @param maxCharacters of text, in UTF-16 units, 1 or more; default 10,000,000 (some 3,000 pages).
 *     Each passage counts as 16 more, for what it takes in memory beside its text
 * @param maxPages or slides, 1 or more; default 10,000
 * @param timeLimit from the start of the extraction, positive; default 2 minutes
 */
public record ExtractionSettings(int maxCharacters, int maxPages, Duration timeLimit) {
  /** The defaults named above. */
  public static final ExtractionSettings DEFAULT =
      new ExtractionSettings(10_000_000, 10_000, Duration.ofMinutes(2));

  public ExtractionSettings {
    if (maxCharacters < 1) {
      throw new IllegalArgumentException("maxCharacters must be 1 or more: " + maxCharacters);
    }
    if (maxPages < 1) {
      throw new IllegalArgumentException("maxPages must be 1 or more: " + maxPages);
    }
    if (!timeLimit.isPositive()) {
      throw new IllegalArgumentException("timeLimit must be positive: " + timeLimit);
    }
  }
}

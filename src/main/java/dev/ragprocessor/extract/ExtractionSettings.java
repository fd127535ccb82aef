package dev.ragprocessor.extract;

import java.time.Duration;

/**
 * How much one file may cost before its extraction is given up.
 *
 * @param maxCharacters of text, in UTF-16 units, 1 or more; default 10,000,000 (some 3,000 pages).
 *     Each passage counts as 16 more, for what it takes in memory beside its text
 * @param maxPages or slides, 1 or more; default 10,000
 * @param maxDepth of files inside files, for example mails attached to mails, 1 to 20; default 5
 * @param maxExpansion how many times its size an archive may be unpacked, 2 to 1,000; default 200.
 *     What unpacks to less than 8 MiB does not count: a small file may be simple
 * @param timeLimit from the start of the extraction, positive; default 2 minutes
 */
public record ExtractionSettings(
    int maxCharacters, int maxPages, int maxDepth, int maxExpansion, Duration timeLimit) {
  /** The defaults named above. */
  public static final ExtractionSettings DEFAULT =
      new ExtractionSettings(10_000_000, 10_000, 5, 200, Duration.ofMinutes(2));

  public ExtractionSettings {
    if (maxCharacters < 1) {
      throw new IllegalArgumentException("maxCharacters must be 1 or more: " + maxCharacters);
    }
    if (maxPages < 1) {
      throw new IllegalArgumentException("maxPages must be 1 or more: " + maxPages);
    }
    if (maxDepth < 1 || maxDepth > 20) {
      throw new IllegalArgumentException("maxDepth must be from 1 to 20: " + maxDepth);
    }
    if (maxExpansion < 2 || maxExpansion > 1_000) {
      throw new IllegalArgumentException("maxExpansion must be from 2 to 1000: " + maxExpansion);
    }
    if (!timeLimit.isPositive()) {
      throw new IllegalArgumentException("timeLimit must be positive: " + timeLimit);
    }
  }
}

package dev.ragprocessor.db;

import java.util.Objects;

/**
 * What is compared at start with the connections that the server grants.
 *
 * @param replicas how many processes like this one use the same role, 1 to 1,000
 * @param excess what to do when they cannot all have their pool
 */
public record Budget(int replicas, Excess excess) {
  /** One process, and a warning. */
  public static final Budget DEFAULT = new Budget(1, Excess.WARN);

  /** What to do about a budget that does not fit. */
  public enum Excess {
    /** Say it once in the log and go on. */
    WARN,
    /** Do not start. */
    REFUSE
  }

  public Budget {
    if (replicas < 1 || replicas > 1_000) {
      throw new IllegalArgumentException("replicas must be 1 to 1000: " + replicas);
    }
    Objects.requireNonNull(excess, "excess");
  }
}

package dev.ragprocessor.extract;

/** What a parser that goes wrong can take with it. */
public sealed interface Isolation {
  /** This program: files are read in it. */
  record None() implements Isolation {}

  /**
   * Nothing but a child process, which is started anew: files are read there.
   *
   * @param memoryBytes the most that one child's heap takes, 64 MiB to 16 GiB
   */
  record ChildProcess(long memoryBytes) implements Isolation {
    public ChildProcess {
      if (memoryBytes < 64L << 20 || memoryBytes > 16L << 30) {
        throw new IllegalArgumentException(
            "memoryBytes must be from 64 MiB to 16 GiB: " + memoryBytes);
      }
    }
  }
}

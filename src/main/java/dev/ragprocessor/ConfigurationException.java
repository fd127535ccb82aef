package dev.ragprocessor;

import java.util.List;

/**
 * The configuration cannot be used. The message lists every problem, each with its key, its value
 * (never a secret's), where it came from, and what is allowed.
 */
final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception is serializable, a list need not be. */
  private final String[] problems;

  ConfigurationException(List<String> problems) {
    super("The configuration is wrong:\n  - " + String.join("\n  - ", problems));
    this.problems = problems.toArray(String[]::new);
  }

  /** The problems, each as a sentence. */
  List<String> problems() {
    return List.of(problems);
  }
}

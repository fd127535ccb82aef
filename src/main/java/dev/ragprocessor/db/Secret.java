package dev.ragprocessor.db;

/**
 * Promises not to show its value by accident: it prints as {@code ***}, in logs, records and
 * messages alike.
 *
 * @param value in clear, for the one place that needs it; empty when there is none
 */
public record Secret(String value) {
  /** No secret at all. */
  public static final Secret NONE = new Secret("");

  /** Whether there is no secret. */
  public boolean isNone() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return isNone() ? "(none)" : "***";
  }
}

package dev.ragprocessor.extract;

import org.jspecify.annotations.Nullable;

/**
 * A file's text cannot be had, and trying again will not help: a permanent failure of that object.
 * The message is a sentence for the person who uploaded the file.
 */
public final class ExtractionException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    CORRUPT,
    ENCRYPTED,
    UNSUPPORTED,
    EMPTY,
    EXPANDS_TOO_MUCH,
    NESTED_TOO_DEEPLY,
    TOO_MUCH_TEXT,
    TOO_SLOW,
    TOO_MUCH_MEMORY,
    CRASHED
  }

  private final Reason reason;

  /**
   * @param message what is wrong with the file and what to do
   */
  public ExtractionException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}

package dev.ragprocessor.embed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A model could not make a vector; the kind says whose fault it is, and whether waiting helps. */
public final class EmbeddingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can do something about it. */
  public enum Kind {
    /** Quota or rate limit: 429. */
    EXHAUSTED,
    /** Waiting helps: time-outs, 408, 5xx, an answer that cannot be read. */
    UNAVAILABLE,
    /** The operator must act: 401, 403, 404, wrong model or dimensions. */
    MISCONFIGURED,
    /** Nothing helps for this text: 400, blocked. */
    REFUSED
  }

  private final Kind kind;
  private final Duration retryAfter;

  /**
   * @param kind who can do something about it
   * @param message what, which model, what to do; no key
   * @param retryAfter what the model asked to wait; zero when it said nothing
   */
  public EmbeddingException(
      Kind kind, String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** Who can do something about it. */
  public Kind kind() {
    return kind;
  }

  /** What the model asked to wait; zero when it said nothing. */
  public Duration retryAfter() {
    return retryAfter;
  }
}

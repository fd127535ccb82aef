package dev.ragprocessor.bucket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A bucket could not be read; the kind says whose fault it is, and whether waiting helps. */
public final class BucketException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can do something about it. */
  public enum Kind {
    /** Waiting helps: time-outs, 408, 429, 5xx, a broken stream, a checksum that did not match. */
    UNAVAILABLE,
    /** The operator must act: 401, 403, a bucket that does not exist. */
    MISCONFIGURED,
    /** Nothing helps for this object: 400, 412, a customer-supplied key. */
    REFUSED
  }

  private final Kind kind;
  private final Duration retryAfter;

  /**
   * @param kind who can do something about it
   * @param message what, which object, what to do; no token and no signed URL
   * @param retryAfter what the bucket asked to wait; zero when it said nothing
   */
  public BucketException(
      Kind kind, String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** Who can do something about it. */
  public Kind kind() {
    return kind;
  }

  /** What the bucket asked to wait; zero when it said nothing. */
  public Duration retryAfter() {
    return retryAfter;
  }
}

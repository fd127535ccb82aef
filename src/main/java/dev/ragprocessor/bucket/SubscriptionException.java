package dev.ragprocessor.bucket;

import org.jspecify.annotations.Nullable;

/** A subscription could not be asked; the message says which, why, and what helps. */
public final class SubscriptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SubscriptionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

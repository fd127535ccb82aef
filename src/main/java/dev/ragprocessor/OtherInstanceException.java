package dev.ragprocessor;

import org.jspecify.annotations.Nullable;

/** The server in another process did not answer what it was asked; the message says why. */
final class OtherInstanceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OtherInstanceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

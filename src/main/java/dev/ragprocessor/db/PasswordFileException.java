package dev.ragprocessor.db;

import org.jspecify.annotations.Nullable;

/** A password file holds no password that could be used; the message names the file. */
public final class PasswordFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PasswordFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

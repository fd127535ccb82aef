package dev.ragprocessor.db;

/** A database URL cannot be used; the message says what is wrong, and no part of a password. */
public final class InvalidDatabaseUrlException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidDatabaseUrlException(String message) {
    super(
        "The database URL cannot be used: %s. It looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require"
            .formatted(message));
  }
}

package dev.ragprocessor.store;

/** The tables are those of an earlier release, and it is not for this program to change them. */
public final class SchemaOutdatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaOutdatedException(String message) {
    super(message);
  }
}

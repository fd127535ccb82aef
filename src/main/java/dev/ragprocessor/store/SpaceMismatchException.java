package dev.ragprocessor.store;

/** The configured model does not fit the vectors that are stored: the start must be refused. */
public final class SpaceMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SpaceMismatchException(String message) {
    super(message);
  }
}

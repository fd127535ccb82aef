package dev.ragprocessor.cloudevents;

/** The delivery is in a format that is not read here: an event format other than JSON, or data. */
public final class UnsupportedMediaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param detail what is read instead: a sentence for a person
   */
  public UnsupportedMediaException(String detail) {
    super(detail, null, false, false);
  }

  /** What is read instead: a sentence for a person. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}

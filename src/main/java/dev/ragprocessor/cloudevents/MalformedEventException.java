package dev.ragprocessor.cloudevents;

/**
 * A delivery that is no event, or lacks what its event needs: bringing it again will not help. It
 * says something about the sender, so it carries no stack trace.
 */
public final class MalformedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String attribute;

  /**
   * @param attribute the attribute, header or member at fault, for example {@code id} or {@code
   *     data.generation}
   * @param detail what is wrong with it, without the value itself
   */
  public MalformedEventException(String attribute, String detail) {
    super(detail, null, false, false);
    this.attribute = attribute;
  }

  /** The attribute, header or member at fault. */
  public String attribute() {
    return attribute;
  }

  /** What is wrong with it: a sentence for a person. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}

package dev.ragprocessor.extract;

/**
 * Ends an extraction that costs too much, through the parsers' code. Unchecked, because parsers
 * turn checked exceptions into half a result; without a stack trace, because it is no bug.
 */
final class LimitReached extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExtractionException.Reason reason;
  private final String sentence;

  LimitReached(ExtractionException.Reason reason, String sentence) {
    super(sentence, null, false, false);
    this.reason = reason;
    this.sentence = sentence;
  }

  /** What the person who uploaded the file is told. */
  ExtractionException toExtractionException() {
    return new ExtractionException(reason, sentence, null);
  }
}

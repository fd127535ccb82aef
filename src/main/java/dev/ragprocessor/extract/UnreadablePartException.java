package dev.ragprocessor.extract;

import org.apache.james.mime4j.MimeException;

/** Carries a mail's failure through the parser, which lets only its own through. */
final class UnreadablePartException extends MimeException {
  private static final long serialVersionUID = 1L;

  private final ExtractionException reason;

  UnreadablePartException(ExtractionException reason) {
    super(reason);
    this.reason = reason;
  }

  ExtractionException reason() {
    return reason;
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.store.ObjectId;
import org.jspecify.annotations.Nullable;

/** What the work was based on is no longer what is stored: it must be done again. */
final class ChangedMeanwhileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChangedMeanwhileException(ObjectId object, @Nullable Throwable cause) {
    super(object.path() + " changed while it was processed", cause, false, false);
  }
}

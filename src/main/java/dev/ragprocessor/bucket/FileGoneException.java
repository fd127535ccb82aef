package dev.ragprocessor.bucket;

import java.io.IOException;

/** The object's own file is not there any more; no other file that may be missing. */
final class FileGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  FileGoneException(IOException cause) {
    super(cause);
  }
}

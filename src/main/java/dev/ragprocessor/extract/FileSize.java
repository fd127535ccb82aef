package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The size of the fetched file, which is our own: that it cannot be read is no fault of it. */
final class FileSize {
  private FileSize() {}

  static long of(Path content) {
    try {
      return Files.size(content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the fetched file", e);
    }
  }
}

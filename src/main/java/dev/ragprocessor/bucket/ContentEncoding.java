package dev.ragprocessor.bucket;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Undoing gzip where an answer or an object says that it is compressed. */
final class ContentEncoding {
  private static final int BUFFER = 64 * 1024;

  private ContentEncoding() {}

  /** Promises the body of an answer without the encoding that it was sent in. */
  static InputStream decoded(DeadlineResponse answer) throws IOException {
    return isGzip(answer.header("content-encoding"))
        ? new GZIPInputStream(answer.body(), BUFFER)
        : answer.body();
  }

  /** Promises whether a header names gzip and nothing else. */
  static boolean isGzip(String encoding) {
    return encoding.strip().equalsIgnoreCase("gzip");
  }

  /**
   * Promises whether a content starts as gzip does: objects are often labelled gzip that are not.
   *
   * @throws IOException when it cannot be read
   */
  static boolean startsAsGzip(Spooled content) throws IOException {
    try (InputStream input = content.stream()) {
      return input.read() == 0x1f && input.read() == 0x8b;
    }
  }

  /** Promises the decompressed content. */
  static InputStream gunzip(Spooled content) throws IOException {
    InputStream input = new BufferedInputStream(content.stream(), BUFFER);
    try {
      return new GZIPInputStream(input, BUFFER);
    } catch (Throwable failure) {
      try {
        input.close();
      } catch (IOException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }
}

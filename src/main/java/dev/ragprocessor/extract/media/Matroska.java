package dev.ragprocessor.extract.media;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The duration in the beginning of a Matroska or WebM file (RFC 9559): the element Info of the
 * segment, which all muxers write before the clusters.
 */
final class Matroska {
  private static final long SEGMENT = 0x18538067L;
  private static final long INFO = 0x1549A966L;
  private static final long CLUSTER = 0x1F43B675L;
  private static final long SCALE = 0x2AD7B1L;
  private static final long DURATION = 0x4489L;

  private final ByteBuffer bytes;
  private double scale = 1_000_000;
  private double duration;

  private Matroska(byte[] beginning) {
    this.bytes = ByteBuffer.wrap(beginning);
  }

  static Optional<Double> seconds(byte[] beginning) {
    Matroska file = new Matroska(beginning);
    file.walk(beginning.length);
    double seconds = file.duration * file.scale / 1e9;
    return seconds > 0 ? Optional.of(seconds) : Optional.empty();
  }

  private void walk(int end) {
    while (bytes.position() + 2 <= end && duration == 0) {
      long id = number(false);
      long size = number(true);
      if (id == CLUSTER) {
        return;
      }
      if (id == SEGMENT || id == INFO) {
        // Of unknown size while it was being written: to the end of what there is.
        walk(size < 0 || size > end - bytes.position() ? end : bytes.position() + (int) size);
      } else if (size < 0 || size > end - bytes.position()) {
        return;
      } else {
        int next = bytes.position() + (int) size;
        element(id, (int) size);
        bytes.position(next);
      }
    }
  }

  private void element(long id, int size) {
    if (id == SCALE) {
      long value = 0;
      for (int i = 0; i < size; i++) {
        value = value << 8 | (bytes.get() & 0xFF);
      }
      scale = value;
    } else if (id == DURATION) {
      duration = size == 4 ? bytes.getFloat() : bytes.getDouble();
    }
  }

  /** A number of one to eight bytes, as many as its first byte has leading zeros and one. */
  private long number(boolean unmarked) {
    int first = bytes.get() & 0xFF;
    int length = Integer.numberOfLeadingZeros(first) - 23;
    if (length > 8) {
      throw new IndexOutOfBoundsException("not a number of EBML");
    }
    long value = unmarked ? first & (0xFF >> length) : first;
    boolean ones = unmarked && value == 0xFF >> length;
    for (int i = 1; i < length; i++) {
      int next = bytes.get() & 0xFF;
      value = value << 8 | next;
      ones &= next == 0xFF;
    }
    return ones ? -1 : value;
  }
}

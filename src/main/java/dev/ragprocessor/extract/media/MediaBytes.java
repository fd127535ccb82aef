package dev.ragprocessor.extract.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a medium, wherever they are, of which a few are read here and there. */
public interface MediaBytes {
  /** How many there are. */
  long size();

  /**
   * Promises the bytes from an offset on, as many as were asked for or until the end.
   *
   * @throws UncheckedIOException when our own copy cannot be read
   */
  byte[] read(long from, int length);

  /** The bytes of a file, which is opened for each reading. */
  static MediaBytes of(Path file) {
    return new OfFile(file);
  }

  /** See {@link #of(Path)}. */
  record OfFile(Path file) implements MediaBytes {
    @Override
    public long size() {
      try {
        return Files.size(file);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the fetched file", e);
      }
    }

    @Override
    public byte[] read(long from, int length) {
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        channel.position(from);
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
          // until it is full or the file ends
        }
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the fetched file", e);
      }
    }
  }
}

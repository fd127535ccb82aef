package dev.ragprocessor.bucket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched: in memory while it is small, else in a temporary file. To be closed; belongs to
 * one thread.
 */
final class Spooled implements AutoCloseable {
  private final long size;
  private final String crc32c;
  private final @Nullable Spool spool;
  private byte @Nullable [] bytes;
  private @Nullable Path file;

  private Spooled(
      long size,
      String crc32c,
      @Nullable Spool spool,
      byte @Nullable [] bytes,
      @Nullable Path file) {
    this.size = size;
    this.crc32c = crc32c;
    this.spool = spool;
    this.bytes = bytes;
    this.file = file;
  }

  static Spooled in(Path file, long size, String crc32c) {
    return new Spooled(size, crc32c, null, null, file);
  }

  /**
   * @param spool where the memory came from, and where the bytes become a file
   */
  static Spooled inMemory(byte[] bytes, String crc32c, Spool spool) {
    return new Spooled(bytes.length, crc32c, spool, bytes, null);
  }

  /** In bytes. */
  long size() {
    return size;
  }

  /** Of these bytes, as {@link ObjectAttributes#crc32c()}. */
  String crc32c() {
    return crc32c;
  }

  /** The bytes where they are in memory. */
  Optional<byte[]> bytes() {
    return Optional.ofNullable(bytes);
  }

  /** Promises the bytes as a stream, to be closed by the caller. */
  InputStream stream() throws IOException {
    return bytes == null ? Files.newInputStream(file()) : new ByteArrayInputStream(bytes);
  }

  /** Promises a file of the bytes. */
  Path file() throws IOException {
    if (file == null && spool != null && bytes != null) {
      file = spool.write(bytes);
    }
    if (file == null) {
      throw new IllegalStateException("what was fetched is closed");
    }
    return file;
  }

  /** Promises that nothing is left of it. May be called again. */
  @Override
  public void close() throws IOException {
    byte[] held = bytes;
    bytes = null;
    if (held != null && spool != null) {
      spool.giveBack(held.length);
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }

  /** The same because of a failure, which stays the first. */
  void close(Throwable failure) {
    try {
      close();
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }
}

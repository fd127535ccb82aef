package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * Temporary files for what is fetched: readable by this user alone, bounded, and deleted on every
 * failure. Safe for use by many threads. What a killed process left is removed by a later one.
 */
public final class Spool {
  private static final System.Logger LOG = System.getLogger(Spool.class.getName());
  private static final String SUFFIX = ".spool";
  private static final int BUFFER = 64 * 1024;

  /** Older than any processing may take, so that it belongs to no living process. */
  private static final Duration LEFT_OVER = Duration.ofDays(1);

  private final Path directory;

  /**
   * @param directory is made when missing; several processes may share it
   * @throws BucketException MISCONFIGURED when it cannot be made or written
   */
  public Spool(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      Files.delete(newFile());
      removeLeftOvers();
    } catch (IOException e) {
      throw new BucketException(
          BucketException.Kind.MISCONFIGURED,
          "the spool directory %s cannot be written: make it writable, or set another"
              .formatted(directory),
          Duration.ZERO,
          e);
    }
  }

  /**
   * Promises a copy of the whole stream, or no file at all.
   *
   * @param source is read to its end; the caller closes it
   * @param object named in the error
   * @param limit in bytes
   * @throws ObjectTooLargeException as soon as the limit is passed
   */
  Copy copy(InputStream source, ObjectId object, long limit) throws IOException {
    Path file = newFile();
    try (OutputStream target = Files.newOutputStream(file)) {
      CRC32C checksum = new CRC32C();
      byte[] buffer = new byte[BUFFER];
      long size = 0;
      for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
        size += read;
        if (size > limit) {
          throw new ObjectTooLargeException(object, size, limit);
        }
        checksum.update(buffer, 0, read);
        target.write(buffer, 0, read);
      }
      return new Copy(file, size, base64(checksum));
    } catch (Throwable failure) {
      delete(file, failure);
      throw failure;
    }
  }

  /** Promises to delete a copy that is not wanted because of a failure, which stays the first. */
  static void delete(Path file, Throwable failure) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }

  /** Promises to delete a copy that is not wanted any more. */
  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private Path newFile() throws IOException {
    return Files.createTempFile(directory, "object-", SUFFIX);
  }

  private void removeLeftOvers() throws IOException {
    Instant oldest = Instant.now().minus(LEFT_OVER);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "object-*" + SUFFIX)) {
      for (Path file : files) {
        removeIfOlder(file, oldest);
      }
    }
  }

  private static void removeIfOlder(Path file, Instant oldest) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)
          && Files.deleteIfExists(file)) {
        LOG.log(Level.INFO, "removed {0}, left by a process that was killed", file);
      }
    } catch (NoSuchFileException gone) {
      // Between being listed and being looked at: another process is done with it.
    }
  }

  /** Big-endian base64: how Cloud Storage writes a CRC32C. */
  private static String base64(CRC32C checksum) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * What was copied.
   *
   * @param size in bytes
   * @param crc32c of these bytes, as {@link ObjectAttributes#crc32c()}
   */
  record Copy(Path file, long size, String crc32c) {}
}

package dev.ragprocessor.bucket;

import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Takes what is fetched: a little of it in memory, the rest in temporary files, readable by this
 * user alone, bounded, and deleted on every failure. Safe for use by many threads. What a killed
 * process left is removed by a later one.
 */
public final class Spool {
  private static final System.Logger LOG = System.getLogger(Spool.class.getName());
  private static final String SUFFIX = ".spool";
  private static final int BUFFER = 16 * 1024;

  /** In bytes: most texts are no longer, and what is longer is never kept in memory. */
  public static final int SMALL = 256 * 1024;

  /** In bytes, of all that is in memory at once; what comes then is in files as before. */
  private static final int MEMORY = 16 * 1024 * 1024;

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** None where files have no such permissions. */
  private static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  /** Older than any processing may take, so that it belongs to no living process. */
  private static final Duration LEFT_OVER = Duration.ofDays(1);

  private final Path directory;
  // Random once: what another process has is never met, and a number more costs no entropy.
  private final String prefix = "object-" + UUID.randomUUID() + "-";
  private final AtomicLong number = new AtomicLong();
  private final Semaphore memory = new Semaphore(MEMORY);

  /**
   * @param directory is made when missing; several processes may share it
   * @throws BucketException MISCONFIGURED when it cannot be made or written
   */
  public Spool(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "object-", SUFFIX));
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
   * Promises a copy of the whole stream, or nothing of it at all. What is small stays in memory as
   * long as not too much does: making a file and removing it costs more than reading it.
   *
   * @param source is read to its end; the caller closes it
   * @param object named in the error
   * @param limit in bytes
   * @throws ObjectTooLargeException as soon as the limit is passed
   */
  Spooled copy(InputStream source, ObjectId object, long limit) throws IOException {
    byte[] head = source.readNBytes(SMALL + 1);
    if (head.length > limit) {
      throw new ObjectTooLargeException(object, head.length, limit);
    }
    if (head.length <= SMALL && memory.tryAcquire(head.length)) {
      return Spooled.inMemory(head, base64(checksum(head)), this);
    }
    return copy(head, source, object, limit);
  }

  private Spooled copy(byte[] head, InputStream rest, ObjectId object, long limit)
      throws IOException {
    Path file = next();
    try (SeekableByteChannel target = Files.newByteChannel(file, NEW, OWNER_ONLY)) {
      CRC32C checksum = checksum(head);
      write(target, head, head.length);
      byte[] buffer = new byte[BUFFER];
      long size = head.length;
      for (int read = rest.read(buffer); read >= 0; read = rest.read(buffer)) {
        size += read;
        if (size > limit) {
          throw new ObjectTooLargeException(object, size, limit);
        }
        checksum.update(buffer, 0, read);
        write(target, buffer, read);
      }
      return Spooled.in(file, size, base64(checksum));
    } catch (Throwable failure) {
      deleteUnlessOthers(file, failure);
      throw failure;
    }
  }

  /** Promises a file of these bytes. */
  Path write(byte[] content) throws IOException {
    Path file = next();
    try (SeekableByteChannel target = Files.newByteChannel(file, NEW, OWNER_ONLY)) {
      write(target, content, content.length);
      return file;
    } catch (Throwable failure) {
      deleteUnlessOthers(file, failure);
      throw failure;
    }
  }

  /** So many bytes are in memory no longer. */
  void giveBack(int bytes) {
    memory.release(bytes);
  }

  private Path next() {
    return directory.resolve(prefix + number.getAndIncrement() + SUFFIX);
  }

  private static void write(SeekableByteChannel target, byte[] bytes, int length)
      throws IOException {
    ByteBuffer part = ByteBuffer.wrap(bytes, 0, length);
    while (part.hasRemaining()) {
      target.write(part);
    }
  }

  private static void deleteUnlessOthers(Path file, Throwable failure) {
    if (failure instanceof FileAlreadyExistsException) {
      return; // not ours to delete
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
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

  private static CRC32C checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length);
    return checksum;
  }

  /** Big-endian base64: how Cloud Storage writes a CRC32C. */
  private static String base64(CRC32C checksum) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return Base64.getEncoder().encodeToString(bytes);
  }
}

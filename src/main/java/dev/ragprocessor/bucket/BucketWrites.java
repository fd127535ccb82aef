package dev.ragprocessor.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Puts files into buckets and takes them out, under the names that {@link BucketFolders} finds them
 * by. A file is written beside its place under a hidden name and then moved over it, so that nobody
 * sees half of one. No link is followed below the bucket: each folder is opened relative to the one
 * before; only making one that is missing goes by its whole path, and what that makes is empty.
 */
final class BucketWrites {
  private static final int BUFFER = 64 * 1024;

  /** What the file systems of Linux and macOS allow. */
  private static final int MAX_STEP_BYTES = 255;

  private final BucketFolders folders;

  BucketWrites(BucketFolders folders) {
    this.folders = folders;
  }

  /**
   * Promises that the content, stored, is the object's; its bucket and folders are made when they
   * are missing.
   *
   * @param content read to its end; the caller closes it
   * @param limit in bytes
   * @return how many bytes it has
   * @throws ObjectTooLargeException when it has more; nothing is kept of it
   * @throws BucketException REFUSED when no file can be there
   */
  long put(ObjectKey key, InputStream content, long limit) throws IOException {
    List<Path> steps = steps(key);
    Path bucket = folders.root().resolve(bucketStep(key));
    make(bucket);
    Path folder = bucket.toRealPath();
    Path below = folder;
    for (Path step : steps.subList(0, steps.size() - 1)) {
      below = below.resolve(step);
      make(below);
    }
    return in(folder, steps, key, (directory, name) -> write(directory, name, key, content, limit));
  }

  /**
   * Promises that the object's file is gone.
   *
   * @return whether there was one
   */
  boolean remove(ObjectKey key) throws IOException {
    List<Path> steps = steps(key);
    try {
      Path folder = folders.root().resolve(bucketStep(key)).toRealPath();
      return in(folder, steps, key, BucketWrites::delete);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    }
  }

  private static Path bucketStep(ObjectKey key) {
    return VisibleNames.steps(key.bucket())
        .filter(steps -> steps.size() == 1)
        .map(List::getFirst)
        .orElseThrow(() -> CloudStorageErrors.refused("no bucket can have this name"));
  }

  private static List<Path> steps(ObjectKey key) {
    return VisibleNames.steps(key.name())
        .filter(steps -> steps.stream().allMatch(BucketWrites::isShort))
        .orElseThrow(
            () ->
                CloudStorageErrors.refused(
                    "no object can have this name: no part of it may be empty, start with a dot or"
                        + " ~$, end with .part, or have more than 255 UTF-8 bytes"));
  }

  private static boolean isShort(Path step) {
    return step.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_STEP_BYTES;
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      return; // as it should be; what it is shows when it is opened
    }
  }

  private static <R> R in(Path folder, List<Path> steps, ObjectKey key, Step<R> last)
      throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      if (!(stream instanceof SecureDirectoryStream<Path> directory)) {
        throw CloudStorageErrors.misconfigured(
            folder + ": this platform cannot open files safely below a folder (openat)");
      }
      return descend(directory, steps, key, last);
    }
  }

  private static <R> R descend(
      SecureDirectoryStream<Path> directory, List<Path> steps, ObjectKey key, Step<R> last)
      throws IOException {
    Path step = steps.getFirst();
    if (steps.size() == 1) {
      return last.at(directory, step);
    }
    if (!attributes(directory, step).isDirectory()) {
      throw new LinkRefusedException(key, step);
    }
    try (SecureDirectoryStream<Path> below =
        directory.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS)) {
      return descend(below, steps.subList(1, steps.size()), key, last);
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    return directory
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static long write(
      SecureDirectoryStream<Path> directory,
      Path name,
      ObjectKey key,
      InputStream content,
      long limit)
      throws IOException {
    requireNoFolder(directory, name);
    Path hidden = Path.of(".upload-" + UUID.randomUUID());
    try {
      long size = copy(directory, hidden, key, content, limit);
      directory.move(hidden, directory, name);
      return size;
    } catch (Throwable failure) {
      discard(directory, hidden, failure);
      throw failure;
    }
  }

  /** Moving over a folder fails with what nobody understands. */
  private static void requireNoFolder(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    try {
      if (attributes(directory, name).isDirectory()) {
        throw CloudStorageErrors.refused("there is a folder of this name");
      }
    } catch (NoSuchFileException e) {
      return; // the place is free
    }
  }

  private static long copy(
      SecureDirectoryStream<Path> directory,
      Path file,
      ObjectKey key,
      InputStream content,
      long limit)
      throws IOException {
    long size = 0;
    try (SeekableByteChannel channel =
        directory.newByteChannel(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS))) {
      byte[] buffer = new byte[BUFFER];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        size += read;
        if (size > limit) {
          throw new ObjectTooLargeException(key.at(0), size, limit);
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      if (channel instanceof FileChannel onDisk) {
        onDisk.force(true);
      }
    }
    return size;
  }

  private static void discard(SecureDirectoryStream<Path> directory, Path file, Throwable because) {
    try {
      directory.deleteFile(file);
    } catch (NoSuchFileException e) {
      return; // it was not made, or has its name already
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static boolean delete(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    if (!attributes(directory, name).isRegularFile()) {
      throw CloudStorageErrors.refused("there is no file of this name, but something else");
    }
    directory.deleteFile(name);
    return true;
  }

  /** What is done at the end of a name. */
  @FunctionalInterface
  private interface Step<R> {
    R at(SecureDirectoryStream<Path> directory, Path name) throws IOException;
  }
}

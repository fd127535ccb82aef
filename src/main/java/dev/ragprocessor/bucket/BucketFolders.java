package dev.ragprocessor.bucket;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The way from names to files. A bucket may be a link, since whoever made the root made it; below
 * the bucket no link is followed, in any step, and no name leads out. Each step is opened relative
 * to the one before (openat), so that nothing can be swapped in between check and use.
 */
final class BucketFolders {
  private final Path root;

  /** Makes the root when it is missing. */
  BucketFolders(Path root) throws IOException {
    Files.createDirectories(root);
    this.root = root.toRealPath();
  }

  Path root() {
    return root;
  }

  /** Promises the buckets that are there. */
  NavigableSet<String> buckets() throws IOException {
    NavigableSet<String> buckets = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        VisibleNames.text(entry.getFileName())
            .filter(name -> VisibleNames.isVisible(name) && Files.isDirectory(entry))
            .ifPresent(buckets::add);
      }
    }
    return buckets;
  }

  /** Promises the real folder of a bucket; empty when there is none. */
  Optional<Path> folder(String bucket) throws IOException {
    Optional<List<Path>> steps = VisibleNames.steps(bucket);
    if (steps.isEmpty() || steps.get().size() != 1) {
      return Optional.empty();
    }
    try {
      Path folder = root.resolve(steps.get().getFirst()).toRealPath();
      return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Promises the state of an object's file; empty when there is no such object. */
  Optional<FileState> state(ObjectKey key) throws IOException {
    try {
      return with(key, OpenFile::state);
    } catch (LinkRefusedException e) {
      return Optional.empty(); // never an object
    }
  }

  /**
   * Promises to run work on an object's file, open for as long as the work lasts; empty when there
   * is no such object.
   *
   * @throws LinkRefusedException when the name leads over a link or to something that is not a file
   */
  <R> Optional<R> with(ObjectKey key, OpenFile.Work<R> work) throws IOException {
    Optional<List<Path>> bucket = VisibleNames.steps(key.bucket());
    Optional<List<Path>> steps = VisibleNames.steps(key.name());
    if (bucket.isEmpty() || bucket.get().size() != 1 || steps.isEmpty()) {
      return Optional.empty();
    }
    Path folder = root.resolve(bucket.get().getFirst()); // if it is a link, it is followed
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      if (!(stream instanceof SecureDirectoryStream<Path> directory)) {
        throw CloudStorageErrors.misconfigured(
            folder + ": this platform cannot open files safely below a folder (openat)");
      }
      return descend(directory, steps.get(), key, work);
    } catch (NoSuchFileException | NotDirectoryException | FileGoneException e) {
      return Optional.empty(); // gone, or replaced, while we were on the way
    }
  }

  private static <R> Optional<R> descend(
      SecureDirectoryStream<Path> directory, List<Path> steps, ObjectKey key, OpenFile.Work<R> work)
      throws IOException {
    Path step = steps.getFirst();
    BasicFileAttributeView view =
        directory.getFileAttributeView(
            step, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    BasicFileAttributes attributes = view.readAttributes();
    boolean last = steps.size() == 1;
    if (attributes.isDirectory()) {
      if (last) {
        return Optional.empty();
      }
      try (SecureDirectoryStream<Path> below =
          directory.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS)) {
        return descend(below, steps.subList(1, steps.size()), key, work);
      }
    }
    if (!attributes.isRegularFile()) {
      throw new LinkRefusedException(key, step);
    }
    return last ? Optional.of(run(work, new OpenFile(directory, step, view))) : Optional.empty();
  }

  /** A missing file of the work's own, say in the spool directory, is not the object's end. */
  private static <R> R run(OpenFile.Work<R> work, OpenFile file) throws IOException {
    try {
      return work.on(file);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new IOException(e);
    }
  }
}

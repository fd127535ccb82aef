package dev.ragprocessor.bucket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The objects below a bucket's folder in the order of their names' UTF-8 bytes, as Cloud Storage
 * lists them: a folder sorts by its name with a slash, so that no listing is ever held whole.
 */
final class FolderWalk {
  private static final System.Logger LOG = System.getLogger(FolderWalk.class.getName());
  private static final AtomicBoolean WARNED_OF_ENCODING = new AtomicBoolean();

  private final Visitor visitor;
  private final String prefix;
  private final String after;

  /**
   * @param prefix of the names wanted
   * @param after names up to this one are left out, with the folders that hold only such
   */
  FolderWalk(Visitor visitor, String prefix, String after) {
    this.visitor = visitor;
    this.prefix = prefix;
    this.after = after;
  }

  /**
   * Promises to show every folder before what it holds.
   *
   * @param name of the folder inside the bucket: empty, or ending with a slash
   * @return false when the visitor had enough
   */
  boolean walk(Path folder, String name) throws IOException {
    visitor.folder(folder, name);
    for (Entry entry : entries(folder, name)) {
      String full = entry.sortKey();
      if (entry.isFolder()) {
        if (holdsWanted(full) && !walk(entry.path(), full)) {
          return false;
        }
      } else if (full.startsWith(prefix)
          && compare(full, after) > 0
          && !visitor.file(full, FileState.of(entry.attributes()))) {
        return false;
      }
    }
    return true;
  }

  private boolean holdsWanted(String folder) {
    return (folder.startsWith(prefix) || prefix.startsWith(folder))
        && (after.startsWith(folder) || compare(folder, after) > 0);
  }

  private List<Entry> entries(Path folder, String name) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        entry(path, name).ifPresent(entries::add);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // removed since its parent was read
    } catch (AccessDeniedException e) {
      LOG.log(Level.WARNING, "{0} cannot be read: {1}", folder, e.toString());
      visitor.unreadable(name);
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(Entry::sortKey, FolderWalk::compare));
    return entries;
  }

  private static Optional<Entry> entry(Path path, String parent) throws IOException {
    Optional<String> name = VisibleNames.text(path.getFileName());
    if (name.isEmpty()) {
      if (WARNED_OF_ENCODING.compareAndSet(false, true)) {
        LOG.log(
            Level.WARNING,
            "{0} and maybe others are ignored: their names are not text in this process''s"
                + " encoding, {1}; start it with LC_ALL=C.UTF-8 if they are UTF-8",
            path,
            System.getProperty("sun.jnu.encoding"));
      }
      return Optional.empty();
    }
    String full = parent + name.get();
    if (!VisibleNames.isVisible(name.get()) || ObjectName.fault(full).isPresent()) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return Optional.of(new Entry(full + "/", path, attributes, true));
      }
      return attributes.isRegularFile()
          ? Optional.of(new Entry(full, path, attributes, false))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The order of UTF-8 bytes, which that of Java's strings is not beyond the basic plane. */
  private static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private record Entry(
      String sortKey, Path path, BasicFileAttributes attributes, boolean isFolder) {}

  /** Who is shown what is there. */
  interface Visitor {
    /** Shows a file; the answer false ends the walk. */
    boolean file(String name, FileState state) throws IOException;

    /**
     * Shows a folder.
     *
     * @param name empty for the bucket itself, else ending with a slash
     */
    default void folder(Path folder, String name) throws IOException {}

    /** A folder whose content is not known: nothing may be concluded about it. */
    default void unreadable(String name) {}
  }
}

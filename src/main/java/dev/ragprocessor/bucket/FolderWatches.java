package dev.ragprocessor.bucket;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file system's notifications for many folders, as hints where to look. A key's own path is
 * never believed: Linux watches the folder itself, so that a folder that was moved keeps its key
 * and the key keeps the old path. One thread only, but for {@link #close}.
 */
final class FolderWatches implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FolderWatches.class.getName());

  private final WatchService service;
  private final Map<WatchKey, Set<Folder>> folders = new HashMap<>();
  private boolean full;

  FolderWatches(Path root) throws IOException {
    service = root.getFileSystem().newWatchService();
  }

  /** Promises hints about the direct children of a folder; idempotent. */
  void watch(Folder folder, Path path) throws IOException {
    try {
      WatchKey key = path.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
      folders.computeIfAbsent(key, any -> new HashSet<>()).add(folder);
    } catch (NoSuchFileException | NotDirectoryException e) {
      LOG.log(Level.DEBUG, "{0} went before it could be watched", path);
    } catch (IOException e) {
      if (!full) {
        full = true;
        LOG.log(
            Level.WARNING,
            "{0} and others cannot be watched; their changes are found by the rescan. On Linux,"
                + " raise fs.inotify.max_user_watches. ({1})",
            path,
            e.toString());
      }
    }
  }

  /** Promises no more hints about a folder and what was below it, under the names it had. */
  void forget(Folder gone) {
    folders.forEach((key, names) -> names.removeIf(name -> name.isWithin(gone)));
    folders
        .entrySet()
        .removeIf(
            entry -> {
              if (entry.getValue().isEmpty()) {
                entry.getKey().cancel();
                return true;
              }
              return false;
            });
  }

  /**
   * Promises what happened, waiting for something to happen first.
   *
   * @throws java.nio.file.ClosedWatchServiceException when closed
   */
  Hints await(Duration atMost) throws InterruptedException {
    Hints hints = new Hints(new ArrayList<>(), false);
    WatchKey key = service.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    while (key != null) {
      hints = drain(key, hints);
      key = service.poll();
    }
    return hints;
  }

  @Override
  public void close() throws IOException {
    service.close();
  }

  private Hints drain(WatchKey key, Hints hints) {
    Set<Folder> names = Set.copyOf(folders.getOrDefault(key, Set.of()));
    boolean lost = hints.lost();
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.kind().equals(OVERFLOW)) {
        lost = true;
      } else if (event.context() instanceof Path child) {
        boolean appeared = event.kind().equals(ENTRY_CREATE);
        boolean disappeared = event.kind().equals(ENTRY_DELETE);
        for (Folder folder : names) {
          hints.touched().add(new Hint(folder, child, appeared, disappeared));
        }
      }
    }
    if (!key.reset()) {
      folders.remove(key);
      lost = true; // the folder is gone: whoever it belonged to must be looked at
    }
    return new Hints(hints.touched(), lost);
  }

  /**
   * A folder by its place.
   *
   * @param bucket null for the root that holds the buckets
   * @param name inside the bucket: empty, or ending with a slash
   */
  record Folder(@Nullable String bucket, String name) {
    boolean isWithin(Folder other) {
      return other.bucket() != null
          && other.bucket().equals(bucket)
          && name.startsWith(other.name());
    }
  }

  /**
   * Something happened to a child of a folder.
   *
   * @param appeared whether it was made or moved here
   * @param disappeared whether it was removed or moved away; neither when it was written
   */
  record Hint(Folder folder, Path child, boolean appeared, boolean disappeared) {}

  /**
   * What happened since the last time.
   *
   * @param lost whether more happened than is said here: everything must be compared
   */
  record Hints(List<Hint> touched, boolean lost) {}
}

package dev.ragprocessor.bucket;

import dev.ragprocessor.bucket.FolderWatches.Folder;
import dev.ragprocessor.bucket.FolderWatches.Hint;
import dev.ragprocessor.bucket.FolderWatches.Hints;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the HTTP door of every change in a directory's buckets, as Cloud Storage and Eventarc
 * would: at least once, in no promised order, also of what changed while nobody watched.
 * Notifications of the file system are hints only; the truth is a comparison of the files with what
 * was told. The comparison covers everything at the start, when notifications were lost, and now
 * and then.
 *
 * <p>Runs on virtual threads of its own from {@link #start} to {@link #close}.
 */
public final class DirectoryWatcher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DirectoryWatcher.class.getName());
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofMillis(900);

  private final BucketFolders folders;
  private final Generations generations;
  private final WatcherSettings settings;
  private final FolderWatches watches;
  private final Deliveries deliveries;
  private final Settling settling;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param buckets stays the caller's, and must outlive this
   * @throws BucketException MISCONFIGURED when the platform refuses to watch
   */
  public DirectoryWatcher(DirectoryBuckets buckets, WatcherSettings settings) {
    this.folders = buckets.folders();
    this.generations = buckets.generations();
    this.settings = settings;
    try {
      this.watches = new FolderWatches(folders.root());
    } catch (IOException e) {
      throw new BucketException(
          BucketException.Kind.MISCONFIGURED,
          "the directory %s cannot be watched: raise fs.inotify.max_user_instances, or set"
                  .formatted(folders.root())
              + " bucket.watch=false",
          Duration.ZERO,
          e);
    }
    this.deliveries = new Deliveries(generations, settings);
    this.settling = new Settling(buckets, deliveries, settings.settle());
    this.thread = Thread.ofVirtual().name("bucket-watcher").unstarted(this::run);
  }

  /** Promises that changes are told from now on, beginning with those of the past. */
  public void start() {
    deliveries.start();
    thread.start();
  }

  /** Promises to end within a second; what the door has not accepted is told at the next start. */
  @Override
  public void close() {
    closed = true;
    try {
      watches.close();
      deliveries.close();
      boolean ended = !thread.isAlive() || thread.join(END);
      deliveries.join(END);
      if (!ended) {
        LOG.log(Level.WARNING, "the watcher of {0} is still in the file system", folders.root());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the watches of " + folders.root() + " were not given back", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long scanned = 0;
    boolean scan = true;
    try {
      while (!closed) {
        try {
          if (scan || System.nanoTime() - scanned > settings.rescan().toNanos()) {
            scan = false;
            scanned = System.nanoTime();
            scanAll();
          }
          settling.look();
          Hints hints = watches.await(pause());
          for (Hint hint : hints.touched()) {
            scan |= look(hint);
          }
          scan |= hints.lost();
        } catch (IOException e) {
          LOG.log(Level.WARNING, "the buckets in " + folders.root() + " cannot be read", e);
          scan = true;
          Hints _ = watches.await(AFTER_FAILURE);
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.log(Level.DEBUG, "closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the next look: often enough to see that a file is still, else until the next scan. */
  private Duration pause() {
    return settling.isEmpty() ? settings.rescan() : settings.settle().dividedBy(3);
  }

  /** Promises that every difference between the files and what is known is being looked at. */
  private void scanAll() throws IOException {
    watches.watch(new Folder(null, ""), folders.root());
    Set<ObjectKey> present = new HashSet<>();
    Set<Folder> unreadable = new HashSet<>();
    for (String bucket : folders.buckets()) {
      Optional<Path> folder = folders.folder(bucket);
      if (folder.isPresent()) {
        scan(folder.get(), new Folder(bucket, ""), present, unreadable);
      }
    }
    if (closed) {
      return;
    }
    for (ObjectKey key : generations.live()) {
      Folder place = new Folder(key.bucket(), key.name());
      if (!present.contains(key) && unreadable.stream().noneMatch(place::isWithin)) {
        settling.add(key);
      }
    }
    generations.untold().forEach(deliveries::offer);
  }

  private void scan(Path path, Folder folder, Set<ObjectKey> present, Set<Folder> unreadable)
      throws IOException {
    String bucket = String.valueOf(folder.bucket());
    FolderWalk.Visitor visitor =
        new FolderWalk.Visitor() {
          @Override
          public void folder(Path below, String name) throws IOException {
            watches.watch(new Folder(bucket, name), below);
          }

          @Override
          public boolean file(String name, FileState state) throws IOException {
            ObjectKey key = new ObjectKey(bucket, name);
            present.add(key);
            boolean same =
                generations
                    .known(key)
                    .filter(known -> known.live() && known.file().equals(state))
                    .isPresent();
            if (!same) {
              settling.add(key);
            }
            return !closed;
          }

          @Override
          public void unreadable(String name) {
            unreadable.add(new Folder(bucket, name));
          }
        };
    boolean _ = new FolderWalk(visitor, folder.name(), "").walk(path, folder.name());
  }

  /**
   * Promises to look at what a hint is about.
   *
   * @return whether everything must be scanned
   */
  private boolean look(Hint hint) throws IOException {
    Optional<String> name = VisibleNames.text(hint.child()).filter(VisibleNames::isVisible);
    Folder folder = hint.folder();
    if (name.isEmpty()) {
      return false;
    }
    if (folder.bucket() == null) {
      if (hint.disappeared()) {
        watches.forget(new Folder(name.get(), ""));
      }
      return hint.appeared() || hint.disappeared();
    }
    ObjectKey key = new ObjectKey(folder.bucket(), folder.name() + name.get());
    Folder below = new Folder(folder.bucket(), key.name() + "/");
    if (hint.disappeared()) {
      watches.forget(below);
      for (ObjectKey lost : generations.live(folder.bucket(), below.name())) {
        settling.add(lost);
      }
    }
    Optional<Path> bucket = folders.folder(folder.bucket());
    if (hint.appeared() && bucket.isPresent()) {
      Path path = bucket.get().resolve(key.name());
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        scan(path, below, new HashSet<>(), new HashSet<>());
      }
    }
    settling.add(key);
    return false;
  }
}

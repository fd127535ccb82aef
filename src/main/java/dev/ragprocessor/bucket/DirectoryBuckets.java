package dev.ragprocessor.bucket;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Buckets that are folders of this machine. Each first-level folder of the root, or link to a
 * folder, is a bucket; the regular files below it are its objects, named by their relative path
 * with slashes. Names with a part that starts with a dot or {@code ~$} or ends with {@code .part}
 * are nobody's objects; neither are links below a bucket.
 *
 * <p>A generation is given to a file when it is first seen in a state, here or by the watcher, and
 * persisted. The generation that a caller asks for is not looked at, known or not: the live file is
 * served, with the generation that it has. What a file's attributes cannot tell is left empty: its
 * type, and without fetching it, its checksum.
 */
public final class DirectoryBuckets implements ObjectStore {
  private static final int PAGE_SIZE = 1000;
  private static final int ATTEMPTS = 3;

  private final BucketFolders folders;
  private final BucketWrites writes;
  private final Generations generations;
  private final Spool spool;
  private final long limit;

  /**
   * @param spool takes what is fetched; the caller keeps it
   * @throws BucketException MISCONFIGURED when root or state cannot be read or written
   */
  public DirectoryBuckets(DirectorySettings settings, Spool spool) {
    this(settings, spool, Clock.systemUTC());
  }

  DirectoryBuckets(DirectorySettings settings, Spool spool, Clock clock) {
    this.spool = spool;
    this.limit = settings.maxObjectSize();
    try {
      this.folders = new BucketFolders(settings.root());
      this.writes = new BucketWrites(folders);
      this.generations = new Generations(settings.stateDirectory(), clock);
    } catch (IOException e) {
      throw new BucketException(
          BucketException.Kind.MISCONFIGURED,
          "the bucket directory %s or its state in %s cannot be used: make both writable"
              .formatted(settings.root(), settings.stateDirectory()),
          Duration.ZERO,
          e);
    }
  }

  /**
   * Promises the names of the buckets that are there now.
   *
   * @throws BucketException UNAVAILABLE when the root cannot be read
   */
  public NavigableSet<String> buckets() {
    try {
      return folders.buckets();
    } catch (IOException e) {
      throw failed(folders.root().toString(), e);
    }
  }

  @Override
  public Optional<LiveObject> fetch(ObjectId object) {
    Database.requireOutsideScope("reading from a bucket");
    ObjectKey key = key(object);
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        Optional<Optional<LiveObject>> copied = folders.with(key, file -> copy(key, file));
        if (copied.isEmpty()) {
          return Optional.empty();
        }
        if (copied.get().isPresent()) {
          return copied.get();
        }
      }
    } catch (IOException e) {
      throw failed(object.path(), e);
    }
    throw CloudStorageErrors.unavailable(
        object.path() + ": the file changes while it is read", Duration.ofSeconds(1), null);
  }

  @Override
  public Optional<ObjectAttributes> describe(ObjectId object) {
    Database.requireOutsideScope("reading from a bucket");
    ObjectKey key = key(object);
    try {
      Optional<FileState> state = folders.with(key, OpenFile::state);
      if (state.isEmpty()) {
        return Optional.empty();
      }
      Generations.Known known = generations.seen(key, state.get());
      generations.sync();
      return Optional.of(attributes(key, known, ""));
    } catch (IOException e) {
      throw failed(object.path(), e);
    }
  }

  @Override
  public Page list(String bucket, String prefix, String pageToken) {
    Database.requireOutsideScope("listing a bucket");
    List<ObjectAttributes> objects = new ArrayList<>();
    try {
      var folder =
          folders
              .folder(bucket)
              .orElseThrow(
                  () ->
                      CloudStorageErrors.misconfigured(
                          "gs://%s: there is no folder of that name in %s"
                              .formatted(bucket, folders.root())));
      FolderWalk.Visitor visitor =
          (name, state) -> {
            ObjectKey key = new ObjectKey(bucket, name);
            objects.add(attributes(key, generations.seen(key, state), ""));
            return objects.size() < PAGE_SIZE;
          };
      boolean all = new FolderWalk(visitor, prefix, pageToken).walk(folder, "");
      generations.sync();
      return new Page(objects, all ? "" : objects.getLast().object().name());
    } catch (IOException e) {
      throw failed("gs://" + bucket, e);
    }
  }

  /**
   * Promises that the content is the object's from now on, whole and stored; its bucket and folders
   * are made when they are missing. That it is there is told by whoever watches.
   *
   * @param object whose generation is not looked at
   * @param content read to its end; the caller closes it
   * @param max in bytes
   * @return how many bytes it has
   * @throws ObjectTooLargeException when it has more; nothing is kept of it
   * @throws BucketException REFUSED when no object can have this name, UNAVAILABLE when the
   *     directory cannot be written
   */
  public long put(ObjectId object, InputStream content, long max) {
    Database.requireOutsideScope("writing to a bucket");
    try {
      return writes.put(key(object), content, max);
    } catch (IOException e) {
      throw failed(object.path(), e);
    }
  }

  /**
   * Promises that the object's file is gone. That it is gone is told by whoever watches.
   *
   * @param object whose generation is not looked at
   * @return whether there was one
   * @throws BucketException as {@link #put}
   */
  public boolean remove(ObjectId object) {
    Database.requireOutsideScope("writing to a bucket");
    try {
      return writes.remove(key(object));
    } catch (IOException e) {
      throw failed(object.path(), e);
    }
  }

  @Override
  public void close() {
    try {
      generations.close();
    } catch (IOException e) {
      throw failed(folders.root().toString(), e);
    }
  }

  BucketFolders folders() {
    return folders;
  }

  Generations generations() {
    return generations;
  }

  /** What the bucket says of an object in this state; of a tombstone, what it last said. */
  static ObjectAttributes attributes(ObjectKey key, Generations.Known known, String crc32c) {
    return new ObjectAttributes(
        key.at(known.generation()), 1, "", known.file().size(), crc32c, false);
  }

  /** Empty when the file was not the same before and after. */
  private Optional<LiveObject> copy(ObjectKey key, OpenFile file) throws IOException {
    FileState before = file.state();
    if (before.size() > limit) {
      throw new ObjectTooLargeException(key.at(0), before.size(), limit);
    }
    Spooled copy;
    try (InputStream content = file.content()) {
      copy = spool.copy(content, key.at(0), limit);
    }
    try {
      if (!file.state().equals(before) || copy.size() != before.size()) {
        copy.close();
        return Optional.empty();
      }
      Generations.Known known = generations.seen(key, before);
      generations.sync();
      return Optional.of(new LiveObject(attributes(key, known, copy.crc32c()), copy));
    } catch (Throwable failure) {
      copy.close(failure);
      throw failure;
    }
  }

  private static ObjectKey key(ObjectId object) {
    return new ObjectKey(object.bucket(), object.name());
  }

  private static BucketException failed(String what, IOException e) {
    return e instanceof LinkRefusedException
        ? CloudStorageErrors.refused(String.valueOf(e.getMessage()))
        : CloudStorageErrors.unavailable(
            what + ": the directory cannot be read or written", Duration.ZERO, e);
  }
}

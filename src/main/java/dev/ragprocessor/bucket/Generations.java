package dev.ragprocessor.bucket;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The clock of a directory's objects: a generation is max(now in microseconds, the last one + 1),
 * over all objects and all runs, never a file's time. Keeps for each object the file's state that
 * the generation stands for, and whether its event was accepted. Safe for use by many threads.
 */
final class Generations implements AutoCloseable {
  /** Pub/Sub's longest retention: nothing about an older end can still arrive. */
  private static final Duration TOMBSTONES = Duration.ofDays(31);

  private static final long SLACK = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<ObjectKey, Known> objects = new TreeMap<>();
  private final Clock clock;
  private final GenerationJournal journal;
  private long last;

  Generations(Path directory, Clock clock) throws IOException {
    this.clock = clock;
    this.journal = new GenerationJournal(directory, this::replay);
    if (journal.lines() > objects.size()) {
      compact();
    }
  }

  /**
   * Promises what is known of an object whose file is in this state: what was known, or a new
   * generation, not yet told, when the file is new or has changed.
   */
  Known seen(ObjectKey key, FileState file) throws IOException {
    lock.lock();
    try {
      Known old = objects.get(key);
      if (old != null && old.live() && old.file().equals(file)) {
        return old;
      }
      long previous = old == null ? 0 : old.endToTell();
      Known issued = new Known(Math.max(now(), last + 1), file, previous, true, false);
      put(key, issued);
      return issued;
    } finally {
      lock.unlock();
    }
  }

  /** Promises a tombstone for an object whose file is gone, not yet told if there was one. */
  void gone(ObjectKey key) throws IOException {
    lock.lock();
    try {
      Known old = objects.get(key);
      if (old != null && old.live()) {
        put(key, new Known(old.generation(), old.file(), 0, false, false));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Promises to remember that the events of this state were accepted, if it still is the state. */
  void told(ObjectKey key, Known state) throws IOException {
    lock.lock();
    try {
      if (state.equals(objects.get(key))) {
        put(key, new Known(state.generation(), state.file(), 0, state.live(), true));
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<Known> known(ObjectKey key) {
    lock.lock();
    try {
      return Optional.ofNullable(objects.get(key));
    } finally {
      lock.unlock();
    }
  }

  /** Promises the objects whose events are still to be accepted. */
  List<ObjectKey> untold() {
    lock.lock();
    try {
      List<ObjectKey> keys = new ArrayList<>();
      objects.forEach(
          (key, known) -> {
            if (!known.told()) {
              keys.add(key);
            }
          });
      return keys;
    } finally {
      lock.unlock();
    }
  }

  /** Promises all objects that were live when last seen. */
  List<ObjectKey> live() {
    lock.lock();
    try {
      return live(objects);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Promises the objects below a folder that were live when last seen.
   *
   * @param folder ends with a slash
   */
  List<ObjectKey> live(String bucket, String folder) {
    String end = folder.substring(0, folder.length() - 1) + (char) ('/' + 1);
    lock.lock();
    try {
      return live(
          objects.subMap(new ObjectKey(bucket, folder), true, new ObjectKey(bucket, end), false));
    } finally {
      lock.unlock();
    }
  }

  /** Promises that everything issued survives a crash; called before anybody is told of it. */
  void sync() throws IOException {
    journal.sync(); // without the lock: who issues meanwhile does not wait for the disk
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }

  private static List<ObjectKey> live(NavigableMap<ObjectKey, Known> range) {
    List<ObjectKey> keys = new ArrayList<>();
    range.forEach(
        (key, known) -> {
          if (known.live()) {
            keys.add(key);
          }
        });
    return keys;
  }

  private void put(ObjectKey key, Known known) throws IOException {
    journal.append(line(key, known));
    objects.put(key, known);
    last = Math.max(last, known.generation());
    if (journal.lines() > SLACK + 3L * objects.size()) {
      compact();
    }
  }

  /** Leaves out what later lines replaced, and tombstones that were told long ago. */
  private void compact() throws IOException {
    long oldest = now() - TOMBSTONES.toNanos() / 1000;
    objects
        .values()
        .removeIf(known -> !known.live() && known.told() && known.generation() < oldest);
    List<GenerationJournal.Line> lines = new ArrayList<>(objects.size() + 1);
    lines.add(new GenerationJournal.Line("", "", last, 0, 0, 0, "", false, true));
    objects.forEach((key, known) -> lines.add(line(key, known)));
    journal.rewrite(lines);
  }

  private void replay(GenerationJournal.Line line) {
    last = Math.max(last, line.g());
    if (!line.b().isEmpty()) {
      FileState file = new FileState(line.s(), line.m(), line.k());
      objects.put(
          new ObjectKey(line.b(), line.n()),
          new Known(line.g(), file, line.p(), line.live(), line.told()));
    }
  }

  private static GenerationJournal.Line line(ObjectKey key, Known known) {
    FileState file = known.file();
    return new GenerationJournal.Line(
        key.bucket(),
        key.name(),
        known.generation(),
        known.previous(),
        file.size(),
        file.modified(),
        file.key(),
        known.live(),
        known.told());
  }

  private long now() {
    return Math.multiplyExact(clock.millis(), 1000L);
  }

  /**
   * What is known of one object.
   *
   * @param file the state that the generation stands for
   * @param previous the generation that this one replaced and whose end is not told yet, 0 for none
   * @param live whether the file was there when last looked for
   * @param told whether the events of this were accepted
   */
  record Known(long generation, FileState file, long previous, boolean live, boolean told) {
    /** The generation whose end is to be told with the next one; 0 for none. */
    private long endToTell() {
      if (previous > 0) {
        return previous; // told of, while this one may never have been
      }
      return live || !told ? generation : 0;
    }
  }
}

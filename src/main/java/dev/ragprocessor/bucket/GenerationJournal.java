package dev.ragprocessor.bucket;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON, appended: the last one about an object holds. A line that a crash cut off is
 * dropped; rewriting goes through another file and an atomic move. One process writes; another that
 * opens the same state reads it and keeps what it adds to itself. Not safe for use by many threads,
 * but for {@link #sync}.
 *
 * <p>{@link RandomAccessFile} and not a channel: an interrupt closes a channel for everybody.
 */
final class GenerationJournal implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GenerationJournal.class.getName());
  // The default keeps its buffers in the thread, and each event is one.
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build());
  private static final ObjectReader READER = JSON.readerFor(Line.class);
  private static final ObjectWriter WRITER = JSON.writerFor(Line.class);

  private final Path path;
  private final RandomAccessFile lockFile;
  private final @Nullable FileLock lock;
  private volatile RandomAccessFile file;
  private long lines;

  /** Held while the file is made durable or replaced: never taken before the caller's own lock. */
  private final ReentrantLock syncing = new ReentrantLock();

  /** How much was ever appended, and how much of it is durable; these never go back. */
  private final AtomicLong appended = new AtomicLong();

  private long durable;

  /**
   * @param replay receives every line, in the order in which they were written
   */
  GenerationJournal(Path directory, Consumer<Line> replay) throws IOException {
    Files.createDirectories(directory);
    path = directory.resolve("generations.jsonl");
    lockFile = new RandomAccessFile(directory.resolve("generations.lock").toFile(), "rw");
    try {
      lock = tryLock(lockFile);
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (Throwable failure) {
      lockFile.close();
      throw failure;
    }
    try {
      replay(replay);
    } catch (Throwable failure) {
      close();
      throw failure;
    }
    if (lock == null) {
      LOG.log(
          Level.INFO, "{0} is written by another process: generations are read only", directory);
    }
  }

  /** Whether this process is the one that writes. */
  boolean isWriter() {
    return lock != null;
  }

  /** How many lines the file has. */
  long lines() {
    return lines;
  }

  /** Promises the line in the file, after the next {@link #sync} even through a power cut. */
  void append(Line line) throws IOException {
    if (lock == null) {
      return;
    }
    long end = file.length();
    try {
      file.seek(end);
      file.write(bytes(line));
    } catch (IOException failure) {
      file.setLength(end); // half a line would spoil the next one
      throw failure;
    }
    appended.incrementAndGet();
    lines++;
  }

  /**
   * Promises that what was appended before the call survives. Safe for use by many threads, also
   * beside an {@link #append}: whoever comes while another's sync runs shares the next one.
   */
  void sync() throws IOException {
    long asked = appended.get();
    syncing.lock();
    try {
      if (durable < asked) {
        long reached = appended.get();
        file.getFD().sync();
        durable = reached;
      }
    } finally {
      syncing.unlock();
    }
  }

  /** Promises a file of these lines only, or the file as it was. */
  void rewrite(Collection<Line> kept) throws IOException {
    if (lock == null) {
      return;
    }
    Path written = path.resolveSibling("generations.next");
    try (RandomAccessFile target = new RandomAccessFile(written.toFile(), "rw")) {
      target.setLength(0);
      StringBuilder text = new StringBuilder();
      for (Line line : kept) {
        text.append(WRITER.writeValueAsString(line)).append('\n');
      }
      target.write(text.toString().getBytes(StandardCharsets.UTF_8));
      target.getFD().sync();
    }
    Files.move(written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    RandomAccessFile next = new RandomAccessFile(path.toFile(), "rw");
    syncing.lock();
    try (RandomAccessFile _ = file) {
      file = next;
      durable = appended.get();
    } finally {
      syncing.unlock();
    }
    lines = kept.size();
  }

  @Override
  public void close() throws IOException {
    try {
      sync();
    } finally {
      try {
        file.close();
      } finally {
        lockFile.close(); // and with it the lock
      }
    }
  }

  private void replay(Consumer<Line> replay) throws IOException {
    byte[] content = Files.readAllBytes(path);
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        try {
          replay.accept(READER.readValue(content, start, i - start));
        } catch (JacksonException e) {
          LOG.log(Level.WARNING, "{0}: line {1} is unreadable and left out", path, lines + 1);
        }
        lines++;
        start = i + 1;
      }
    }
    if (lock != null && start < content.length) {
      file.setLength(start);
    }
  }

  private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by another store of this very process
    }
  }

  private static byte[] bytes(Line line) throws IOException {
    return (WRITER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * All that is known of one object. Members are short, since there are many lines.
   *
   * @param b bucket, empty on the line that only carries the highest generation
   * @param n name
   * @param g generation
   * @param p the generation that it replaced and whose end is not told yet, 0 for none
   * @param s size
   * @param m modified
   * @param k file key
   * @param live whether the file was there
   * @param told whether the event was accepted
   */
  record Line(
      String b, String n, long g, long p, long s, long m, String k, boolean live, boolean told) {}
}

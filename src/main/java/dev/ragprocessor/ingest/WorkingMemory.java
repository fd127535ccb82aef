package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.Spool;
import dev.ragprocessor.extract.Chunk;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Bounds what documents take of the heap until they are stored: events wait for a model and for a
 * connection in any number, and each holds its chunks and vectors meanwhile. First come, first
 * served; who needs more than there is gets all of it, alone. Safe for use by many threads.
 */
final class WorkingMemory {
  private static final int UNIT = 1024;

  /** In bytes of text: a guess, for what is not cut yet. */
  private static final int CHUNK = 750;

  private final int units;
  private final long vector;
  private final Semaphore free;

  /**
   * @param bytes that all events may take together, 1 KiB to 2 TiB
   * @param dimensions of a vector
   */
  WorkingMemory(long bytes, int dimensions) {
    this.units = Math.toIntExact(bytes / UNIT);
    this.vector = 2L * Float.BYTES * dimensions; // as it came, and as it is sent
    this.free = new Semaphore(units, true);
  }

  /** Promises a share that holds nothing yet. */
  Share share() {
    return new Share();
  }

  /**
   * What one event holds until it closes it. Whoever waits for more holds nothing, because two that
   * hold some could wait for each other. Belongs to one thread.
   */
  final class Share implements AutoCloseable {
    private int held;

    /**
     * Takes what a text of this size is going to take, and waits until there is as much: what was
     * fetched and cannot go on yet takes memory as well. A file that is never kept in memory takes
     * nothing yet.
     *
     * @param size in bytes, as announced; negative when unknown
     */
    void expect(long size) throws InterruptedException {
      if (size <= Spool.SMALL) {
        long text = Math.max(0, size);
        hold(2 * text + (1 + text / CHUNK) * vector);
      }
    }

    /** Takes what these chunks and their vectors take, and waits until there is as much. */
    void take(List<Chunk> chunks) throws InterruptedException {
      hold(chunks.stream().mapToLong(chunk -> 2L * chunk.text().length() + vector).sum());
    }

    /** Takes so many bytes in place of what it held. */
    void hold(long bytes) throws InterruptedException {
      int wanted = Math.clamp(Math.ceilDiv(bytes, UNIT), 1, units);
      if (wanted < held) {
        free.release(held - wanted);
      } else if (wanted > held && !free.tryAcquire(wanted - held)) {
        close();
        free.acquire(wanted);
      }
      held = wanted;
    }

    /** Gives everything back; may be called again. */
    @Override
    public void close() {
      free.release(held);
      held = 0;
    }
  }
}

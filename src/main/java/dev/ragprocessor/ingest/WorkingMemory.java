package dev.ragprocessor.ingest;

import java.util.concurrent.Semaphore;

/**
 * Bounds what chunks and their vectors take of the heap, from when a document is cut until it is
 * stored: events wait for a model and for a connection in any number, and each holds its document
 * meanwhile. First come, first served; who needs more than there is gets all of it, alone. Safe for
 * use by many threads.
 */
final class WorkingMemory {
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;

  /**
   * @param bytes that all events may take together, 1 KiB to 2 TiB
   */
  WorkingMemory(long bytes) {
    this.units = Math.toIntExact(bytes / UNIT);
    this.free = new Semaphore(units, true);
  }

  /** Promises a share that holds nothing yet. */
  Share share() {
    return new Share();
  }

  /** What one event holds until it closes it. Belongs to one thread. */
  final class Share implements AutoCloseable {
    private int held;

    /**
     * Takes so much, and waits until there is as much; to be called once, because two that wait for
     * more while they hold some could wait for each other.
     */
    void take(long bytes) throws InterruptedException {
      if (held > 0) {
        throw new IllegalStateException("this share has been taken");
      }
      int wanted = Math.clamp(Math.ceilDiv(bytes, UNIT), 1, units);
      free.acquire(wanted);
      held = wanted;
    }

    @Override
    public void close() {
      free.release(held);
      held = 0;
    }
  }
}

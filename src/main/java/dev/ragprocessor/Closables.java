package dev.ragprocessor;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What is open, closed in the reverse of the order in which it was opened. Closing goes on after a
 * failure, and may come at any moment from another thread (a signal): what is opened after that is
 * closed at once. Safe for use by many threads.
 */
final class Closables implements AutoCloseable {
  private final Deque<Part> open = new ArrayDeque<>();
  private boolean closing;

  /**
   * Takes over a part that has just been opened.
   *
   * @throws IllegalStateException when everything is being closed; the part is closed by then
   */
  void add(Part part) {
    synchronized (open) {
      if (!closing) {
        open.push(part);
        return;
      }
    }
    part.close();
    throw new IllegalStateException("The program is ending.");
  }

  /** Closes every part once; a second caller finds nothing left to do. */
  @Override
  public void close() {
    RuntimeException first = null;
    for (Part part = next(); part != null; part = next()) {
      try {
        part.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private @Nullable Part next() {
    synchronized (open) {
      closing = true;
      return open.poll();
    }
  }

  /** Something that is open. */
  @FunctionalInterface
  interface Part {
    /** Closes it. */
    void close();
  }
}

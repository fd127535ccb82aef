package dev.ragprocessor.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes those who wait for news. Who is busy meanwhile misses beats and not the news: they ask for
 * the newest. Safe for any number of threads.
 */
final class Pulse {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition beaten = lock.newCondition();
  private long beats;

  /** Wakes everybody. */
  void beat() {
    lock.lock();
    try {
      beats++;
      beaten.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a beat after those that were seen.
   *
   * @param longest to wait without one
   * @return the beats so far
   */
  long await(long seen, Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    if (!lock.tryLock(left, TimeUnit.NANOSECONDS)) {
      return seen;
    }
    try {
      while (beats == seen && left > 0) {
        left = beaten.awaitNanos(left);
      }
      return beats;
    } finally {
      lock.unlock();
    }
  }
}

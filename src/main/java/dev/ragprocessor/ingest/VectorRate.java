package dev.ragprocessor.ingest;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * So many vectors a second and no more, over any few seconds: whoever takes some pays for them
 * before the next may. Safe for use by many threads.
 */
final class VectorRate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Nobody sleeps for longer without asking whether the work is to end. */
  private static final long NAP = TimeUnit.MILLISECONDS.toNanos(200);

  private final double perSecond;
  private long free;

  /**
   * @param perSecond more than 0; infinite for no limit
   */
  VectorRate(double perSecond, long now) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException(
          "a rate must be more than 0 vectors a second: " + perSecond);
    }
    this.perSecond = perSecond;
    this.free = now;
  }

  /** Takes so many, and promises how many nanoseconds to wait before they are sent. */
  synchronized long take(int vectors, long now) {
    long turn = Math.max(free, now);
    free = turn + (long) (vectors / perSecond * SECOND);
    return turn - now;
  }

  /**
   * Waits for the turn of so many.
   *
   * @return whether it has come; false when the work is to end
   */
  boolean await(int vectors, BooleanSupplier ending) throws InterruptedException {
    return pause(take(vectors, System.nanoTime()), ending);
  }

  /** Waits so many nanoseconds, or until the work is to end, and says whether it goes on. */
  static boolean pause(long nanoseconds, BooleanSupplier ending) throws InterruptedException {
    long until = System.nanoTime() + nanoseconds;
    for (long left = nanoseconds; left > 0; left = until - System.nanoTime()) {
      if (ending.getAsBoolean()) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(left, NAP));
    }
    return !ending.getAsBoolean();
  }
}

package dev.ragprocessor.embed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How fast a model may be asked, learnt from its refusals. At first there is no limit. A refusal
 * stops everybody until the time that the model asked for, remembers the rate that was too much as
 * the ceiling, and goes on at 85 % of it. Success raises the rate: fast while it is well below the
 * ceiling or nothing is known of one, by 5 % a second near it, so that few requests are refused for
 * finding out. Requests that were on their way when the rate was cut do not cut it again.
 *
 * <p>Times are those of {@link System#nanoTime}, given by the caller: nothing here waits. Safe for
 * use by many threads.
 */
final class Pace {
  private static final double CUT = 0.85;
  private static final double NEAR = 0.95;

  /** A fast step ends there, so that it is not refused by far. */
  private static final double OVER = 1.1;

  private static final double BEYOND = 1.2;
  private static final double SLOW_GROWTH_PER_SECOND = 0.05;
  private static final double SLOW_GROWTH_PER_REQUEST = 0.01;
  private static final double FAST_GROWTH_PER_SECOND = 1;
  private static final double FAST_GROWTH_PER_REQUEST = 0.25;
  private static final double SLOWEST_PER_SECOND = 1.0 / 60;
  private static final double FIRST_GUESS_PER_SECOND = 1;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int MEMORIES = 512;
  private static final int ENOUGH = 8;

  private final Deque<Long> taken = new ArrayDeque<>();
  private double perSecond = Double.POSITIVE_INFINITY;
  private double ceiling = Double.POSITIVE_INFINITY;
  private long notBefore;
  private long nextSlot;
  private long lastCut;
  private long lastGrowth;

  Pace(long now) {
    notBefore = now;
    nextSlot = now;
    lastCut = now;
    lastGrowth = now;
  }

  /**
   * Takes the next turn if it has come.
   *
   * @return zero when the request may be sent now, else the nanoseconds to wait before asking again
   */
  synchronized long claim(long now) {
    long wait = remaining(now);
    long interval = interval();
    // Where there is no limit nobody takes a turn from another: each caller looked at the clock
    // before he came here, so the one before may have looked at it later.
    if (wait == 0 && interval > 0) {
      // Whoever wakes a little late does not make everybody after him late.
      nextSlot = Math.max(nextSlot - now, -interval) + now + interval;
    }
    return wait;
  }

  /** The nanoseconds until a request may be sent, as far as is known. */
  synchronized long remaining(long now) {
    return Math.max(0, Math.max(notBefore - now, nextSlot - now));
  }

  /** The model answered. */
  synchronized void accepted(long now) {
    taken.addLast(now);
    if (taken.size() > MEMORIES) {
      taken.removeFirst();
    }
    grow((double) (now - lastGrowth) / SECOND);
    lastGrowth = now;
  }

  /**
   * The model refused for its quota.
   *
   * @param sent when the request had been sent
   * @param retryAfter what it asked to wait, zero when it said nothing
   */
  synchronized void refused(long sent, long now, Duration retryAfter) {
    long until = now + retryAfter.toNanos();
    if (until - notBefore > 0) {
      notBefore = until;
    }
    if (sent - lastCut >= 0) {
      cut(now);
    }
  }

  private void cut(long now) {
    // What is taken in a burst is no rate, so the first cut knows of no ceiling yet.
    boolean first = Double.isInfinite(perSecond);
    double reached = Math.min(perSecond, takenPerSecond(now));
    ceiling = first ? Double.POSITIVE_INFINITY : reached;
    perSecond = Math.max(SLOWEST_PER_SECOND, reached * CUT);
    lastCut = now;
    lastGrowth = now;
    nextSlot = now + interval();
  }

  private void grow(double seconds) {
    if (perSecond > ceiling * BEYOND) {
      ceiling = Double.POSITIVE_INFINITY;
    }
    double nearCeiling = ceiling * NEAR;
    if (perSecond >= nearCeiling) {
      perSecond *= 1 + Math.min(SLOW_GROWTH_PER_SECOND * seconds, SLOW_GROWTH_PER_REQUEST);
    } else {
      double fast = 1 + Math.min(FAST_GROWTH_PER_SECOND * seconds, FAST_GROWTH_PER_REQUEST);
      perSecond = Math.min(perSecond * fast, ceiling * OVER);
    }
  }

  private long interval() {
    return (long) (SECOND / perSecond);
  }

  /** Over the last second, or the last few requests where they took longer. */
  private double takenPerSecond(long now) {
    int count = 0;
    long span = SECOND;
    for (Iterator<Long> latest = taken.descendingIterator(); latest.hasNext(); count++) {
      long age = now - latest.next();
      if (age > span && count >= ENOUGH) {
        break;
      }
      span = Math.max(span, age);
    }
    return count == 0 ? FIRST_GUESS_PER_SECOND : (double) count * SECOND / span;
  }
}

package dev.ragprocessor.ingest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A piece of work that is done again and again on a virtual thread of its own until it is closed.
 * An interval is shortened by up to a quarter at random, so that replicas do not come together. A
 * failure is logged and the next round comes as usual; a round is never interrupted.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final String name;
  private final Duration interval;
  private final Runnable round;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private Upkeep(String name, Duration interval, Runnable round) {
    this.name = name;
    this.interval = interval;
    this.round = round;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  static Upkeep start(String name, Duration interval, Runnable round) {
    Upkeep upkeep = new Upkeep(name, interval, round);
    upkeep.thread.start();
    return upkeep;
  }

  private void run() {
    try {
      while (!closed.await(jittered(), TimeUnit.MILLISECONDS)) {
        try {
          round.run();
        } catch (RuntimeException e) {
          LOG.warn("{} failed and will come again: {}", name, Failures.of(e).reason());
        } catch (Throwable e) {
          // The thread's edge: after an Error too, nobody else would renew or sweep.
          LOG.error("{} failed with an error of this service's own", name, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long jittered() {
    long longest = interval.toMillis();
    return longest - ThreadLocalRandom.current().nextLong(longest / 4 + 1);
  }

  /** Waits for the round that runs, if one does. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

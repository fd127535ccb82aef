package dev.ragprocessor.db;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every hold a few times a second: reports one that is held past the warning, once, takes
 * the connection from one that is held past the limit, and hangs up on a server that does not
 * answer. A time limit for each read would do that as well, but a virtual thread that waits for a
 * time wakes the scheduler's timer twice, which every statement would pay. It is a platform thread,
 * so that no amount of busy virtual threads keeps it from looking. Its clock serves the holds,
 * which would otherwise spend as much time on reading the system's as on everything else. Between
 * two looks it sees to it that the permits fit the connections that there are.
 */
final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration LONGEST_TICK = Duration.ofMillis(100);

  private final Holds holds;
  private final Shortage shortage;
  private final DatabaseMeters meters;
  private final long warning;
  private final long limit;
  private final long longestAnswer;
  private final long tick;
  private final Thread thread;
  private volatile long now = System.nanoTime();
  private volatile boolean closed;

  Watchdog(
      String name,
      Holds holds,
      Shortage shortage,
      PoolSettings settings,
      Duration longestAnswer,
      DatabaseMeters meters) {
    this.meters = meters;
    this.holds = holds;
    this.shortage = shortage;
    this.warning = settings.holdWarning().toNanos();
    this.limit = settings.holdLimit().toNanos();
    this.longestAnswer = longestAnswer.toNanos();
    this.tick = Math.min(LONGEST_TICK.toNanos(), Math.max(1_000_000, warning / 4));
    this.thread = Thread.ofPlatform().daemon().name(name + " scope watchdog").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Promises a {@link System#nanoTime} of at most a tick ago, 100 ms. */
  long now() {
    return now;
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(tick);
      now = System.nanoTime();
      shortage.adjust();
      for (int slot = 0; slot < holds.capacity(); slot++) {
        Hold hold = holds.at(slot);
        if (hold != null) {
          look(hold, now - hold.since());
        }
      }
    }
  }

  private void look(Hold hold, long held) {
    if (hold.isUnanswered(now, longestAnswer)) {
      Thread.ofVirtual().name("hang up " + hold.name()).start(hold::hangUp);
    }
    if (held >= limit) {
      if (hold.condemn()) {
        report(hold, held, true);
        // Cancelling asks the server, which may not answer: the others are looked at meanwhile.
        Thread.ofVirtual().name("revoke " + hold.name()).start(hold::revoke);
      }
    } else if (held >= warning && hold.warnOnce()) {
      report(hold, held, false);
    }
  }

  private void report(Hold hold, long held, boolean revoked) {
    if (revoked) {
      meters.revoked();
    } else {
      meters.warned();
    }
    String stack =
        Arrays.stream(hold.owner().getStackTrace())
            .map(frame -> "\n    at " + frame)
            .collect(Collectors.joining());
    LOG.warn(
        "The scope {} holds a connection for {} ms{}; its thread {} is{}",
        hold.name(),
        Duration.ofNanos(held).toMillis(),
        revoked ? ", which is past the limit, and loses it" : "",
        hold.owner(),
        stack);
    HoldLimitEvent event = new HoldLimitEvent();
    event.scope = hold.name();
    event.held = held;
    event.revoked = revoked;
    event.holder = hold.owner().toString();
    event.holderStack = stack;
    event.commit();
  }

  /** Stops looking. May be called again. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}

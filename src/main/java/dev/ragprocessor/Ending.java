package dev.ragprocessor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The end of the program, whoever calls for it: what is on {@link #closables()} is closed when this
 * is, or when a signal (Ctrl-C, SIGTERM) comes, before the process ends. Safe for use by many
 * threads.
 */
final class Ending implements AutoCloseable {
  private final Closables closables = new Closables();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("ending").unstarted(this::end);

  private Ending() {}

  /** Promises an end that signals bring about as well. */
  static Ending onSignal() {
    Ending ending = new Ending();
    Runtime.getRuntime().addShutdownHook(ending.hook);
    return ending;
  }

  /**
   * Promises the same when the process that started this one is gone: Maven does not pass a signal
   * on to what it runs.
   */
  void followParent() {
    ProcessHandle.current()
        .parent()
        .ifPresent(
            parent -> {
              Future<?> _ = parent.onExit().thenRun(() -> System.exit(Exit.TERMINATED));
            });
  }

  /** What is closed at the end. */
  Closables closables() {
    return closables;
  }

  /** Promises that a person sees the end begin; to be called when everything is open. */
  void announce(Terminal terminal) {
    closables.add(
        () -> terminal.tell("Ending: no new work is taken, and what is at work may finish."));
  }

  /** Waits for a signal, and until everything is closed after it. */
  void await() throws InterruptedException {
    ended.await();
  }

  /** Waits so long; whether everything ended meanwhile. */
  boolean await(Duration longest) throws InterruptedException {
    return ended.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal has come: the hook closes everything, if it does not already.
    }
    end();
  }

  private void end() {
    try {
      closables.close();
    } finally {
      ended.countDown();
    }
  }
}

package dev.ragprocessor.fleet;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Something that is done again and again, as fast as it goes, on a thread of its own. */
final class Unrest implements AutoCloseable {
  private final Step step;
  private final Thread thread;
  private volatile boolean over;

  /** What is done. */
  interface Step {
    void take() throws InterruptedException;
  }

  /** Promises that it begins. */
  Unrest(Step step) {
    this.step = step;
    this.thread = Thread.startVirtualThread(this::run);
  }

  /** Promises that it has ended, once the condition held. */
  void endAfter(Callable<Boolean> condition) throws InterruptedException {
    await().atMost(Duration.ofMinutes(10)).until(condition);
    over = true;
    thread.join();
  }

  private void run() {
    try {
      while (!over) {
        step.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }
}

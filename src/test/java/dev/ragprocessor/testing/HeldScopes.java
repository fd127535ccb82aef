package dev.ragprocessor.testing;

import dev.ragprocessor.db.Scopes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Threads that hold one scope each, with a connection in use, until they are told to end. */
public final class HeldScopes implements AutoCloseable {
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /** Promises that this many scopes, all named {@code held}, are open when it returns. */
  public HeldScopes(Scopes scopes, int count) {
    CountDownLatch inside = new CountDownLatch(count);
    for (int holder = 0; holder < count; holder++) {
      threads.add(Thread.startVirtualThread(() -> hold(scopes, inside)));
    }
    await(inside);
  }

  private void hold(Scopes scopes, CountDownLatch inside) {
    scopes.execute(
        "held",
        db -> {
          db.get("SELECT 1");
          inside.countDown();
          await(end);
          return null;
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
  }

  /** Lets every scope end and waits for it. */
  @Override
  public void close() {
    end.countDown();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interruption) {
        throw new AssertionError(interruption);
      }
    }
  }
}

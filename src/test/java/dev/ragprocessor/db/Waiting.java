package dev.ragprocessor.db;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Threads that hold one scope each until they are told to end. */
final class Waiting {
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  Waiting(Scopes scopes, int count) throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(count);
    for (int holder = 0; holder < count; holder++) {
      threads.add(
          Thread.startVirtualThread(
              () ->
                  scopes.execute(
                      "waiting",
                      db -> {
                        inside.countDown();
                        try {
                          end.await();
                        } catch (InterruptedException interruption) {
                          throw new AssertionError(interruption);
                        }
                        return null;
                      })));
    }
    inside.await();
  }

  void end() throws InterruptedException {
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}

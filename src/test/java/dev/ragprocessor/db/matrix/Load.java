package dev.ragprocessor.db.matrix;

import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseException;
import io.helidon.dbclient.DbClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Virtual threads that do the same over and over until told to end, and what came of it. */
final class Load implements AutoCloseable {
  private static final long BREATH = Duration.ofMillis(5).toNanos();

  private final Runnable work;
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder succeeded = new LongAdder();
  private final AtomicLong longest = new AtomicLong();
  private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  Load(int count, Runnable work) {
    this.work = work;
    for (int number = 0; number < count; number++) {
      threads.add(
          Thread.ofVirtual()
              .uncaughtExceptionHandler((_, thrown) -> unexpected.add(thrown))
              .start(this::run));
    }
  }

  private void run() {
    while (!ended) {
      long began = System.nanoTime();
      try {
        work.run();
        succeeded.increment();
      } catch (DatabaseException | DbClientException failure) {
        failures.add(failure);
        LockSupport.parkNanos(BREATH); // as a client would that was told to come back
      } finally {
        longest.accumulateAndGet(System.nanoTime() - began, Math::max);
      }
    }
  }

  long succeeded() {
    return succeeded.sum();
  }

  /** What the database had against it. */
  List<RuntimeException> failures() {
    return List.copyOf(failures);
  }

  /** What nobody may see: any other exception. */
  List<Throwable> unexpected() {
    return List.copyOf(unexpected);
  }

  Duration longest() {
    return Duration.ofNanos(longest.get());
  }

  /** Promises that this many more succeeded, or an error after the bound. */
  void awaitSuccesses(int more, Duration bound) {
    long goal = succeeded() + more;
    await().atMost(bound).pollInterval(Duration.ofMillis(5)).until(() -> succeeded() >= goal);
  }

  /** Promises that this many more failed, or an error after the bound. */
  void awaitFailures(int more, Duration bound) {
    int goal = failures.size() + more;
    await().atMost(bound).pollInterval(Duration.ofMillis(5)).until(() -> failures.size() >= goal);
  }

  /** Promises that every thread has ended; one that hangs is an error. */
  void end() {
    ended = true;
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> threads.stream().noneMatch(Thread::isAlive));
  }

  @Override
  public void close() {
    end();
  }
}

package dev.ragprocessor.embed;

import dev.ragprocessor.telemetry.Trail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs the work of many callers side by side, never more than so many pieces at once, first come
 * first served: a caller queues one piece at a time, so that a book of a thousand chunks takes
 * turns with a question of one.
 *
 * <p>Owns its executor. Safe for use by many threads.
 */
final class Lanes implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Semaphore free;
  private final ExecutorService executor;
  private final Duration patience;

  /**
   * @param count how many pieces run at once
   * @param executor runs them; it must be able to take that many at any time
   * @param patience how long a piece may wait for a free lane
   */
  Lanes(int count, ExecutorService executor, Duration patience) {
    this.free = new Semaphore(count, true);
    this.executor = executor;
    this.patience = patience;
  }

  /**
   * Promises the results in the order of the items. After the first failure nothing more is
   * started; what runs may end, because its result may have been paid for, and then that failure is
   * thrown.
   *
   * @throws EmbeddingException what the work threw; EXHAUSTED when no lane became free in time;
   *     UNAVAILABLE when the caller was interrupted: what runs is interrupted, and the flag
   *     restored
   */
  <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<FutureTask<R>> tasks = new ArrayList<>(items.size());
    try {
      try {
        for (T item : items) {
          awaitLane();
          tasks.add(start(() -> work.apply(item), tasks));
        }
        List<R> results = new ArrayList<>(items.size());
        for (FutureTask<R> task : tasks) {
          results.add(result(task));
        }
        return results;
      } catch (RuntimeException | Error failure) {
        awaitEnds(tasks);
        throw failure;
      }
    } catch (InterruptedException e) {
      // A cancelled piece gives its lane back when it has really ended.
      tasks.forEach(task -> task.cancel(true));
      Thread.currentThread().interrupt();
      throw new EmbeddingException(
          EmbeddingException.Kind.UNAVAILABLE, "interrupted while embedding", Duration.ZERO, e);
    }
  }

  /** Waits some seconds for what runs; whoever asks then finds in {@link #ended} whether it did. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it was closed and nothing runs any more. */
  boolean ended() {
    return executor.isTerminated();
  }

  private void awaitLane() throws InterruptedException {
    if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new EmbeddingException(
          EmbeddingException.Kind.EXHAUSTED,
          "no turn at the model within " + patience,
          Duration.ZERO,
          null);
    }
  }

  /** Starts one more piece in the lane that was waited for, or gives the lane back. */
  private <R> FutureTask<R> start(Callable<R> work, List<FutureTask<R>> before)
      throws InterruptedException {
    FutureTask<R> task = new FutureTask<>(work);
    Trail trail = Trail.current();
    boolean started = false;
    try {
      throwIfFailed(before);
      executor.execute(
          () -> {
            try {
              trail.run(task);
            } finally {
              free.release();
            }
          });
      started = true;
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the embedder is closed", e);
    } finally {
      if (!started) {
        free.release();
      }
    }
    return task;
  }

  private static void throwIfFailed(List<? extends FutureTask<?>> tasks)
      throws InterruptedException {
    for (FutureTask<?> task : tasks) {
      if (task.state() == Future.State.FAILED) {
        result(task);
      }
    }
  }

  private static void awaitEnds(List<? extends FutureTask<?>> tasks) throws InterruptedException {
    for (FutureTask<?> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException another) {
        // The first failure is the one that is thrown.
      }
    }
  }

  private static <R> R result(FutureTask<R> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      // Work throws unchecked only; the stack trace is the worker's, where it went wrong.
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}

package dev.ragprocessor;

import dev.ragprocessor.bucket.BucketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes many deliveries, some at a time, each until its object is settled: taken to its end, or
 * refused so often that something is wrong.
 */
final class Backfill {
  /** Enough to keep the model busy while others are fetched; the instance has limits of its own. */
  private static final int AT_ONCE = 8;

  private static final int DELIVERIES = 30;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int REASONS_SHOWN = 20;

  private final OwnInstance instance;
  private final Ending ending;
  private final Terminal terminal;
  private final AtomicInteger done = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  Backfill(OwnInstance instance, Ending ending, Terminal terminal) {
    this.instance = instance;
    this.ending = ending;
    this.terminal = terminal;
  }

  /**
   * Promises that every object is settled, and whether all were taken; of those that were not, some
   * are told with their reasons.
   *
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  Result run(List<Delivery> deliveries) throws InterruptedException {
    Semaphore slots = new Semaphore(AT_ONCE);
    try (Progress progress = Progress.of(terminal, "objects", deliveries.size())) {
      for (Delivery delivery : deliveries) {
        slots.acquire();
        Thread.ofVirtual()
            .name("backfill")
            .start(
                () -> {
                  try {
                    settle(delivery);
                  } finally {
                    progress.step();
                    slots.release();
                  }
                });
      }
      slots.acquire(AT_ONCE);
    }
    failures.stream().limit(REASONS_SHOWN).forEach(failure -> terminal.say("%s", failure));
    return new Result(done.get(), failures.size());
  }

  private void settle(Delivery delivery) {
    String path = delivery.object().path();
    try {
      String reason = reasonOfFailure(delivery);
      if (reason.isEmpty()) {
        done.incrementAndGet();
      } else {
        failures.add(path + ": " + reason);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add(path + ": interrupted");
    } catch (BucketException e) {
      failures.add(String.valueOf(e.getMessage())); // it names the object
    } catch (RuntimeException e) {
      // The thread's edge: one object's failure is told, and the others go on.
      failures.add(path + ": " + e);
    }
  }

  private String reasonOfFailure(Delivery delivery) throws InterruptedException {
    String last = "";
    for (int attempt = 0; attempt < DELIVERIES; attempt++) {
      switch (delivery.attempt().get()) {
        case Delivered.Done() -> {
          return "";
        }
        case Delivered.Rejected(String reason) -> {
          return reason;
        }
        case Delivered.Working(UUID job) -> {
          return outcomeOf(job);
        }
        case Delivered.NotTaken(String reason, Duration retryAfter) -> {
          last = reason;
          if (ending.await(retryAfter)) {
            return "the program was ended";
          }
        }
      }
    }
    return "not taken in %d deliveries: %s".formatted(DELIVERIES, last);
  }

  private String outcomeOf(UUID id) throws InterruptedException {
    Optional<Instance.JobLine> job = instance.job(id);
    while (job.isPresent() && !job.get().ended()) {
      if (ending.await(POLL)) {
        return "the program was ended; whoever runs next goes on with it";
      }
      job = instance.job(id);
    }
    // A job goes with its document, when the object was removed meanwhile.
    return job.map(Instance.JobLine::error).orElse("");
  }

  /** How many objects are as they should be now, and how many are not. */
  record Result(int done, int failed) {
    int status() {
      return failed == 0 ? Exit.DONE : Exit.FAILED;
    }
  }
}

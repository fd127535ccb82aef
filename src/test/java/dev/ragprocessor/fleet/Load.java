package dev.ragprocessor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bucket that changes forty times a second, or as often as its events are taken. */
final class Load implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(25);

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> changing;

  /** Promises changes from now on. */
  Load(Bucket bucket) {
    changing =
        clock.scheduleAtFixedRate(
            () -> change(bucket), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets it change for so long; fails when it cannot. */
  void goesOnFor(Duration time) throws InterruptedException, ExecutionException {
    try {
      changing.get(time.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("the load ended by itself");
    } catch (TimeoutException goesOn) {
      assertThat(changing.isDone()).isFalse();
    }
  }

  /** Promises that nothing changes any more. */
  void end() throws InterruptedException {
    changing.cancel(false);
    clock.shutdown();
    assertThat(clock.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void change(Bucket bucket) {
    try {
      bucket.change();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ragprocessor.embed.EmbeddingException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @Test
  void gives_results_in_order_and_never_runs_more_than_it_has_lanes() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Lanes lanes = lanes(3, PATIENT)) {
      List<Integer> items = IntStream.range(0, 200).boxed().toList();
      List<Integer> results =
          lanes.map(
              items,
              item -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                running.decrementAndGet();
                return item * 2;
              });
      assertThat(results).isEqualTo(items.stream().map(item -> item * 2).toList());
      assertThat(most.get()).isBetween(1, 3);
    }
  }

  @Test
  void starts_nothing_more_after_a_failure_and_throws_it() {
    AtomicInteger started = new AtomicInteger();
    IllegalStateException failure = new IllegalStateException("third");
    Function<Integer, Integer> third =
        item -> {
          started.incrementAndGet();
          if (item == 2) {
            throw failure;
          }
          return item;
        };
    try (Lanes lanes = lanes(1, PATIENT)) {
      assertThatThrownBy(() -> lanes.map(IntStream.range(0, 100).boxed().toList(), third))
          .isSameAs(failure);
      assertThat(started.get()).isEqualTo(3);
      assertThat(lanes.map(List.of(7), item -> item)).containsExactly(7);
    }
  }

  @Test
  void lets_what_runs_beside_a_failure_end() {
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    try (Lanes lanes = lanes(2, PATIENT)) {
      assertThatThrownBy(
              () ->
                  lanes.map(
                      List.of(0, 1, 2),
                      item -> {
                        if (item == 0) {
                          waiting.countDown();
                          awaitOtherLane(lanes);
                          return ended.incrementAndGet();
                        }
                        awaitQuietly(waiting);
                        throw new IllegalStateException("beside");
                      }))
          .hasMessage("beside");
      assertThat(ended.get()).isEqualTo(1);
    }
  }

  @Test
  void interrupts_what_runs_when_the_caller_is_interrupted() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Lanes lanes = lanes(2, PATIENT)) {
      FutureTask<Boolean> flag =
          new FutureTask<>(
              () -> {
                EmbeddingException failure =
                    catchThrowableOfType(
                        EmbeddingException.class,
                        () ->
                            lanes.map(
                                List.of(0),
                                item -> {
                                  waitForInterrupt(waiting, interrupted);
                                  return item;
                                }));
                assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
                return Thread.currentThread().isInterrupted();
              });
      Thread caller = Thread.ofPlatform().start(flag);
      waiting.await();
      caller.interrupt();
      assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(flag.get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void is_exhausted_when_no_lane_becomes_free_in_time_and_gives_all_lanes_back() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (Lanes lanes = lanes(1, Duration.ofMillis(20))) {
      FutureTask<List<Integer>> holder =
          new FutureTask<>(
              () ->
                  lanes.map(
                      List.of(1),
                      item -> {
                        busy.countDown();
                        awaitQuietly(release);
                        return item;
                      }));
      Thread.ofVirtual().start(holder);
      busy.await();
      EmbeddingException failure =
          catchThrowableOfType(EmbeddingException.class, () -> lanes.map(List.of(2), item -> item));
      assertThat(failure.kind()).isEqualTo(Kind.EXHAUSTED);
      release.countDown();
      assertThat(holder.get()).containsExactly(1);
      assertThat(lanes.map(List.of(3), item -> item)).containsExactly(3);
    }
  }

  @Test
  void lets_a_caller_of_one_piece_in_between_those_of_a_caller_of_many() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    try (Lanes lanes = lanes(1, PATIENT)) {
      FutureTask<List<Integer>> many =
          new FutureTask<>(
              () ->
                  lanes.map(
                      IntStream.range(0, 1_000).boxed().toList(),
                      item -> {
                        began.countDown();
                        if (item == 0) {
                          awaitQuietly(second);
                        }
                        return done.incrementAndGet();
                      }));
      Thread.ofVirtual().start(many);
      began.await();
      FutureTask<List<Integer>> one =
          new FutureTask<>(() -> lanes.map(List.of(1), item -> done.get()));
      Thread queued = Thread.ofPlatform().start(one);
      Awaitility.await().until(() -> queued.getState() == Thread.State.TIMED_WAITING);
      second.countDown();
      assertThat(one.get().getFirst()).isLessThan(5);
      assertThat(many.get()).hasSize(1_000);
    }
  }

  private static Lanes lanes(int count, Duration patience) {
    return new Lanes(count, Executors.newVirtualThreadPerTaskExecutor(), patience);
  }

  /** Goes on until the other piece has ended: then its lane takes this one. */
  private static void awaitOtherLane(Lanes lanes) {
    assertThat(lanes.map(List.of(1), item -> item)).containsExactly(1);
  }

  private static void waitForInterrupt(CountDownLatch waiting, CountDownLatch interrupted) {
    waiting.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

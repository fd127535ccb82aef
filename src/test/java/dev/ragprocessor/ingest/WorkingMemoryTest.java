package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkingMemoryTest {
  private static final int KIBIBYTE = 1024;

  @Test
  void no_more_is_taken_than_there_is_and_all_comes_back() throws Exception {
    WorkingMemory memory = new WorkingMemory(16 * KIBIBYTE, 1);
    AtomicLong taken = new AtomicLong();
    AtomicLong most = new AtomicLong();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> events = new ArrayList<>();
      for (int event = 0; event < 500; event++) {
        events.add(
            threads.submit(
                () -> {
                  int wanted = ThreadLocalRandom.current().nextInt(1, 32); // half of them too much
                  try (WorkingMemory.Share share = memory.share()) {
                    share.hold((long) wanted * KIBIBYTE);
                    int got = Math.min(wanted, 16);
                    most.accumulateAndGet(taken.addAndGet(got), Math::max);
                    Thread.onSpinWait();
                    taken.addAndGet(-got);
                  }
                  return null;
                }));
      }
      for (Future<?> event : events) {
        event.get();
      }
    }
    assertThat(most.get()).isBetween(1L, 16L);
    try (WorkingMemory.Share all = memory.share()) {
      all.hold(16 * KIBIBYTE); // would wait for ever for what was not given back
    }
  }

  @Test
  void those_who_turn_out_to_need_more_do_not_wait_for_each_other() throws Exception {
    WorkingMemory memory = new WorkingMemory(16 * KIBIBYTE, 1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> events = new ArrayList<>();
      CyclicBarrier half = new CyclicBarrier(2);
      for (int event = 0; event < 2; event++) {
        events.add(
            threads.submit(
                () -> {
                  try (WorkingMemory.Share share = memory.share()) {
                    share.hold(8 * KIBIBYTE);
                    half.await();
                    share.hold(16 * KIBIBYTE);
                  }
                  return null;
                }));
      }
      for (Future<?> event : events) {
        event.get();
      }
    }
  }

  @Test
  void what_is_needed_no_more_is_there_for_others_at_once() throws Exception {
    WorkingMemory memory = new WorkingMemory(16 * KIBIBYTE, 1);
    try (WorkingMemory.Share first = memory.share();
        WorkingMemory.Share second = memory.share()) {
      first.hold(16 * KIBIBYTE);
      first.hold(4 * KIBIBYTE);
      second.hold(12 * KIBIBYTE);
    }
  }

  @Test
  void a_small_file_takes_what_its_text_will_and_a_large_one_nothing_before_it_is_cut()
      throws Exception {
    int dimensions = 768;
    WorkingMemory memory = new WorkingMemory(128 * KIBIBYTE, dimensions);
    try (WorkingMemory.Share first = memory.share();
        WorkingMemory.Share large = memory.share();
        WorkingMemory.Share second = memory.share()) {
      first.expect(800 * 10); // eleven vectors of 6 KiB, and a text
      large.expect(10_000_000);
      Thread waiting = Thread.ofVirtual().start(() -> expectQuietly(second, 800 * 10));
      await().atMost(Duration.ofSeconds(20)).until(() -> waiting.getState() == State.WAITING);
      first.hold(1);
      waiting.join();
    }
  }

  private static void expectQuietly(WorkingMemory.Share share, long size) {
    try {
      share.expect(size);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void who_is_interrupted_holds_nothing() throws Exception {
    WorkingMemory memory = new WorkingMemory(KIBIBYTE, 1);
    try (WorkingMemory.Share first = memory.share()) {
      first.hold(1);
      try (WorkingMemory.Share second = memory.share()) {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> second.hold(1));
      }
    }
    try (WorkingMemory.Share all = memory.share()) {
      all.hold(KIBIBYTE);
    }
  }
}

package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
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
    WorkingMemory memory = new WorkingMemory(16 * KIBIBYTE);
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
                    share.take((long) wanted * KIBIBYTE);
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
      all.take(16 * KIBIBYTE); // would wait for ever for what was not given back
    }
  }

  @Test
  void nobody_takes_twice() throws Exception {
    try (WorkingMemory.Share share = new WorkingMemory(16 * KIBIBYTE).share()) {
      share.take(1);
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> share.take(1));
    }
  }

  @Test
  void who_is_interrupted_holds_nothing() throws Exception {
    WorkingMemory memory = new WorkingMemory(KIBIBYTE);
    try (WorkingMemory.Share first = memory.share()) {
      first.take(1);
      try (WorkingMemory.Share second = memory.share()) {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> second.take(1));
      }
    }
    try (WorkingMemory.Share all = memory.share()) {
      all.take(KIBIBYTE);
    }
  }
}

package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {
  private final Admission admission = new Admission("the model");

  @Test
  void lets_many_through_at_once_of_whom_nobody_will_wait() throws Exception {
    int threads = 8;
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            executor.submit(
                () -> {
                  start.await();
                  for (int times = 0; times < 20_000; times++) {
                    admission.enter(System.nanoTime());
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(50, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void refuses_at_once_who_will_not_wait_as_long_as_the_model_asked_for() {
    admission.refused(System.nanoTime(), Duration.ofMinutes(1));
    assertThatExceptionOfType(EmbeddingException.class)
        .isThrownBy(() -> admission.enter(System.nanoTime() + TimeUnit.SECONDS.toNanos(5)))
        .satisfies(
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(EmbeddingException.Kind.EXHAUSTED);
              assertThat(refusal.retryAfter())
                  .isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1));
            });
  }
}

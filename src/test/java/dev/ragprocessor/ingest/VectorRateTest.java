package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VectorRateTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void whoever_takes_many_is_paid_for_by_the_next() {
    VectorRate rate = new VectorRate(10, 0);

    assertThat(rate.take(20, 0)).isZero();
    assertThat(rate.take(5, 0)).isEqualTo(2 * SECOND);
    assertThat(rate.take(1, SECOND)).isEqualTo(3 * SECOND / 2);
  }

  @Test
  void a_pause_saves_nothing_up() {
    VectorRate rate = new VectorRate(10, 0);
    rate.take(10, 0);

    assertThat(rate.take(10, 100 * SECOND)).isZero();
    assertThat(rate.take(1, 100 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void without_a_limit_nobody_waits() throws InterruptedException {
    VectorRate rate = new VectorRate(Double.POSITIVE_INFINITY, 0);

    for (int i = 0; i < 1_000; i++) {
      assertThat(rate.take(1_000_000, 0)).isZero();
    }
    assertThat(rate.await(1, () -> false)).isTrue();
  }

  @Test
  void a_wait_ends_early_when_the_work_is_to_end() throws InterruptedException {
    VectorRate rate = new VectorRate(0.001, System.nanoTime());
    rate.take(1, System.nanoTime());

    assertThat(rate.await(1, () -> true)).isFalse();
  }

  @Test
  void no_rate_at_all_is_refused() {
    assertThatThrownBy(() -> new VectorRate(0, 0)).hasMessageContaining("more than 0");
    assertThatThrownBy(() -> new VectorRate(Double.NaN, 0)).hasMessageContaining("more than 0");
  }
}

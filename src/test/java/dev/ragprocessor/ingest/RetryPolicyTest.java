package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Property
  void a_delay_is_half_to_all_of_the_doubled_one_and_never_more_than_the_longest(
      @ForAll @IntRange(min = 1, max = 100) int attempt, @ForAll long seed) {
    RetryPolicy policy = new RetryPolicy(8, FIRST, LONGEST, new Random(seed));

    double doubled = 10_000 * Math.pow(2, attempt - 1.0);
    long full = (long) Math.min(doubled, 600_000);

    assertThat(policy.delay(attempt, Duration.ZERO).toMillis()).isBetween(full / 2, full);
  }

  @Property
  void what_the_other_side_asked_for_is_the_least(
      @ForAll @IntRange(min = 1, max = 20) int attempt,
      @ForAll @LongRange(min = 0, max = 100_000_000) long asked) {
    RetryPolicy policy = new RetryPolicy(8, FIRST, LONGEST, new Random(1));

    assertThat(policy.delay(attempt, Duration.ofMillis(asked)).toMillis())
        .isGreaterThanOrEqualTo(asked);
  }

  @Test
  void the_last_attempt_is_the_last() {
    RetryPolicy policy = new RetryPolicy(3, FIRST, LONGEST, new Random(1));

    assertThat(policy.allowsAnother(2)).isTrue();
    assertThat(policy.allowsAnother(3)).isFalse();
  }
}

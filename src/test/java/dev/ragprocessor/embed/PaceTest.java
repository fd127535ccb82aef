package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ragprocessor.testing.TokenBucket;
import java.time.Duration;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void has_no_limit_before_the_first_refusal() {
    Pace pace = new Pace(0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(pace.claim(i)).isZero();
      pace.accepted(i);
    }
  }

  @Test
  void stops_everybody_until_the_time_that_the_model_asked_for() {
    Pace pace = new Pace(0);
    pace.refused(0, 5 * SECOND, Duration.ofSeconds(17));
    assertThat(pace.claim(5 * SECOND)).isEqualTo(17 * SECOND);
    assertThat(pace.claim(21 * SECOND)).isEqualTo(SECOND);
    assertThat(pace.claim(22 * SECOND)).isZero();
  }

  @Test
  void a_shorter_wait_never_shortens_a_longer_one() {
    Pace pace = new Pace(0);
    pace.refused(0, 0, Duration.ofSeconds(60));
    pace.refused(0, SECOND, Duration.ofSeconds(1));
    assertThat(pace.remaining(SECOND)).isEqualTo(59 * SECOND);
  }

  @Test
  void spaces_requests_below_the_rate_that_was_taken() {
    Pace pace = new Pace(0);
    for (int i = 0; i < 20; i++) {
      pace.accepted(i * SECOND / 10);
    }
    pace.refused(2 * SECOND, 2 * SECOND, Duration.ZERO);
    long first = pace.claim(2 * SECOND);
    assertThat((double) first / SECOND).isCloseTo(1 / (10 * 0.85), within(0.001));
    assertThat(pace.claim(2 * SECOND + first)).isZero();
    assertThat(pace.claim(2 * SECOND + first)).isEqualTo(first);
  }

  @Test
  void is_cut_once_by_all_that_were_on_their_way() {
    Pace once = new Pace(0);
    Pace often = new Pace(0);
    for (int i = 0; i < 20; i++) {
      once.accepted(i * SECOND / 10);
      often.accepted(i * SECOND / 10);
    }
    once.refused(2 * SECOND, 2 * SECOND + 1, Duration.ZERO);
    for (int i = 1; i < 9; i++) {
      often.refused(2 * SECOND, 2 * SECOND + i, Duration.ZERO);
    }
    assertThat(often.remaining(2 * SECOND + 9)).isEqualTo(once.remaining(2 * SECOND + 9));
  }

  @Test
  void grows_again_with_success() {
    Pace pace = new Pace(0);
    pace.refused(0, 0, Duration.ZERO);
    long now = 0;
    for (int i = 0; i < 100; i++) {
      now += pace.remaining(now);
      assertThat(pace.claim(now)).isZero();
      pace.accepted(now);
    }
    // From one a second, by 5 % each second.
    assertThat(pace.remaining(now)).isLessThan(SECOND / 3);
  }

  @Test
  void never_becomes_slower_than_one_a_minute() {
    Pace pace = new Pace(0);
    for (int i = 0; i < 200; i++) {
      pace.refused(i, i, Duration.ZERO);
    }
    assertThat(pace.remaining(200)).isLessThanOrEqualTo(60 * SECOND);
  }

  /**
   * A model with a quota, callers that always have a next request, and a job that brings a refused
   * one again. With the quota's own refill the least time is (requests - burst) / rate. A quota
   * that gives no credit for a pause cannot be met to the point without many refusals.
   */
  @ParameterizedTest
  @CsvSource({
    // rate, burst, callers, latency in ms, requests, time above the least
    "10, 10, 8, 50, 400, 1.2",
    "2, 5, 8, 200, 100, 1.2",
    "50, 50, 16, 100, 2000, 1.2",
    "20, 20, 64, 300, 600, 1.2",
    "1, 60, 8, 100, 120, 1.2",
    "100, 10, 32, 30, 3000, 1.3",
    "0.5, 1, 4, 100, 40, 1.3",
    "10, 1, 8, 20, 400, 1.7"
  })
  void keeps_close_to_a_quota_that_it_does_not_know(
      double rate, int burst, int callers, int latency, int requests, double slack) {
    Pace pace = new Pace(0);
    TokenBucket bucket = new TokenBucket(rate, burst);
    PriorityQueue<long[]> onTheirWay = new PriorityQueue<>((a, b) -> Long.compare(a[1], b[1]));
    long now = 0;
    int calls = 0;
    int done = 0;
    while (done < requests) {
      long wait = onTheirWay.size() < callers ? pace.claim(now) : Long.MAX_VALUE;
      if (wait == 0) {
        long refused = bucket.take(now).toNanos();
        calls++;
        onTheirWay.add(new long[] {now, now + latency * SECOND / 1_000, refused});
      } else if (!onTheirWay.isEmpty() && onTheirWay.element()[1] - now <= wait) {
        long[] answer = onTheirWay.remove();
        now = answer[1];
        if (answer[2] == 0) {
          done++;
          pace.accepted(now);
        } else {
          pace.refused(answer[0], now, Duration.ofNanos(answer[2]));
        }
      } else {
        now += wait;
      }
    }
    double least = (requests - burst) / rate;
    assertThat((double) calls / requests).as("calls").isLessThan(1.3);
    assertThat((double) now / SECOND / least).as("time").isLessThan(slack);
  }
}

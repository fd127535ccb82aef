package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.ConnectionPoolExhaustedException;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Retries are few, spaced out, and only where the block allows them; saturation is never retried in
 * here. The back-off of jobs is the ingest room's ({@code RetryPolicyTest}).
 */
class Row17HotRetryIT {
  private static final String CONFLICT =
      "DO 'BEGIN RAISE EXCEPTION ''conflict'' USING ERRCODE = ''40001''; END'";

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @Test
  void a_conflict_is_repeated_a_few_times_with_growing_pauses() {
    List<Long> runs = new ArrayList<>();
    assertThatThrownBy(
            () ->
                open.database()
                    .inRepeatableTransaction(
                        db -> {
                          runs.add(System.nanoTime());
                          return db.dml(CONFLICT);
                        }))
        .isInstanceOf(DbClientException.class);
    assertThat(runs).hasSize(5);
    long leastPause = Duration.ofMillis(10).toNanos();
    for (int run = 1; run < runs.size(); run++, leastPause *= 2) {
      assertThat(runs.get(run) - runs.get(run - 1)).isGreaterThanOrEqualTo(leastPause);
    }
  }

  @Test
  void a_block_that_is_not_declared_repeatable_runs_once() {
    List<Long> runs = new ArrayList<>();
    assertThatThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        db -> {
                          runs.add(System.nanoTime());
                          return db.dml(CONFLICT);
                        }))
        .isInstanceOf(DbClientException.class);
    assertThat(runs).hasSize(1);
  }

  @Test
  void saturation_is_told_after_one_wait_and_not_waited_for_again() {
    try (HeldScopes _ = new HeldScopes(open.database(), 1)) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> open.database().inRepeatableTransaction(Backends::pid))
          .isInstanceOf(ConnectionPoolExhaustedException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Duration.ofMillis(490), Duration.ofMillis(999));
    }
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.PoolSettings;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.db.Timeouts;
import java.time.Duration;

/** Settings that make a test short, and what a whole pool looks like. */
final class Pools {
  /** The shortest that the settings allow: what takes seconds in production takes two here. */
  static final Timeouts SHORT =
      new Timeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1));

  private Pools() {}

  static PoolSettings ofSize(int size) {
    return PoolSettings.DEFAULT.size(size).permitWait(Duration.ofMillis(500));
  }

  /** Promises that everything borrowed is back and that every connection is open. */
  static void assertWhole(Database database) {
    await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              PoolState state = database.state();
              int size = state.size();
              assertThat(state).isEqualTo(new PoolState(size, size, size, 0, 0, size, size));
            });
  }
}

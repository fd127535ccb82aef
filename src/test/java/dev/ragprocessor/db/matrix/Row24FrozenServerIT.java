package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Health;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The server stops answering without closing anything, and answers again later. */
class Row24FrozenServerIT {
  private static final int SIZE = 4;
  private static final int THREADS = 32;

  /**
   * Half a second for the permit, 1.5 s for a connection, 3 s until the hold limit, 2 s for the
   * cancellation that is not answered, and a second for a busy machine.
   */
  private static final Duration BOUND = Duration.ofSeconds(8);

  @Test
  void no_scope_hangs_and_afterwards_the_pool_is_whole() throws IOException {
    try (TestServer server = new TestServer();
        Database database =
            Database.open(
                DatabaseSettings.of(server.url())
                    .pool(Pools.ofSize(SIZE).hold(Duration.ofSeconds(1), Duration.ofSeconds(3)))
                    .timeouts(Pools.SHORT),
                new SimpleMeterRegistry())) {
      try (Load load =
          new Load(THREADS, () -> database.inTransaction("load", db -> db.get("SELECT 1")))) {
        load.awaitSuccesses(100, Duration.ofSeconds(10));
        server.freeze();
        try {
          load.awaitFailures(8 * THREADS, Duration.ofSeconds(20));
          assertThat(database.health()).isInstanceOf(Health.Down.class);
        } finally {
          server.thaw();
        }
        load.awaitSuccesses(100, Duration.ofSeconds(10));
        load.end();
        assertThat(load.unexpected()).isEmpty();
        assertThat(load.failures())
            .allSatisfy(
                failure ->
                    assertThat(Verdict.of(failure))
                        .as("%s", failure)
                        .isIn(Verdict.RETRYABLE, Verdict.SATURATED));
        assertThat(load.longest()).isLessThan(BOUND);
      }
      Pools.assertWhole(database);
      assertThat(database.health()).isInstanceOf(Health.Up.class);
    }
  }

  @Test
  void a_statement_that_is_not_answered_fails_long_before_the_hold_limit() throws IOException {
    try (TestServer server = new TestServer();
        Database database =
            Database.open(
                DatabaseSettings.of(server.url())
                    .pool(Pools.ofSize(SIZE).hold(Duration.ofSeconds(30), Duration.ofSeconds(60)))
                    .timeouts(Pools.SHORT),
                new SimpleMeterRegistry())) {
      database.execute(db -> db.get("SELECT 1"));
      long began = System.nanoTime();
      assertThatThrownBy(
              () ->
                  database.execute(
                      "frozen",
                      db -> {
                        db.get("SELECT 1");
                        server.freeze();
                        return db.get("SELECT 1");
                      }))
          .isInstanceOf(DatabaseConnectionException.class)
          .hasMessageContaining("frozen was lost");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUND);
      server.thaw();
      database.execute(db -> db.get("SELECT 1"));
      Pools.assertWhole(database);
    }
  }
}

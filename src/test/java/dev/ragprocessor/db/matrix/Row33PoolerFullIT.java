package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.PgBouncer;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** A pooler lets in fewer clients than the pool has connections. */
class Row33PoolerFullIT {
  private static final int CLIENTS = 2;
  private static final int SIZE = 4;

  @Test
  void a_full_pgbouncer_is_saturation_within_a_bound_and_what_it_grants_is_used()
      throws IOException, SQLException {
    try (PgBouncer pooler = new PgBouncer(TestDatabases.create(), CLIENTS, CLIENTS);
        Database database =
            Database.open(
                DatabaseSettings.of(pooler.endpoint(Pooler.TRANSACTION))
                    .pool(Pools.ofSize(SIZE))
                    .timeouts(Pools.SHORT),
                new SimpleMeterRegistry())) {
      await().until(() -> database.state().permits() == CLIENTS);
      try (HeldScopes _ = new HeldScopes(database, CLIENTS)) {
        assertSaturated(database).hasMessageContaining("pool of 4, of which 2 can be opened");
      }
      assertThat(database.execute(Backends::pid)).isPositive();
      assertThat(database.state().freePermits()).isEqualTo(CLIENTS);
    }
  }

  @Test
  void supavisors_refusal_is_saturation_and_it_recovers() throws IOException, SQLException {
    String url = TestDatabases.create();
    DatabaseSettings settings =
        DatabaseSettings.of(
                new DatabaseEndpoint(url, Map.of(), null, () -> null, Pooler.TRANSACTION))
            .pool(Pools.ofSize(2))
            .timeouts(Pools.SHORT);
    try (FaultProxy proxy = new FaultProxy();
        Database database = Database.open(proxy.before(settings), new SimpleMeterRegistry())) {
      proxy.mode(FaultProxy.Mode.POOLER_FULL);
      proxy.cut();
      assertSaturated(database).hasMessageContaining("jdbc:postgresql://127.0.0.1:");
      proxy.mode(FaultProxy.Mode.PASS);
      Pools.assertWhole(database);
      assertThat(database.execute(Backends::pid)).isPositive();
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertSaturated(
      Database database) {
    long began = System.nanoTime();
    Throwable failure = catchThrowable(() -> database.execute("one too many", Backends::pid));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    return assertThat(failure)
        .isInstanceOf(DatabaseConnectionException.class)
        .hasMessageContaining("one too many")
        .satisfies(thrown -> assertThat(Verdict.of(thrown)).isEqualTo(Verdict.SATURATED));
  }
}

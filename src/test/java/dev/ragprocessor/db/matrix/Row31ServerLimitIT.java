package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Budget;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Health;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server grants fewer connections than the pool wants. */
class Row31ServerLimitIT {
  private static final int LIMIT = 2;
  private static final int SIZE = 5;
  private static final String ROLE = "limited_" + ProcessHandle.current().pid();

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @BeforeAll
  static void limit() throws SQLException {
    open.sql("CREATE ROLE %s LOGIN PASSWORD 'limited' CONNECTION LIMIT %d".formatted(ROLE, LIMIT));
  }

  @AfterAll
  static void unlimit() throws SQLException {
    open.sql("DROP ROLE " + ROLE);
  }

  private static DatabaseSettings settings() {
    return DatabaseSettings.of(
            new DatabaseEndpoint(
                DatabaseUrl.parse(open.url()).jdbcUrl(),
                Map.of(),
                ROLE,
                () -> "limited",
                Pooler.NONE))
        .applicationName(ROLE)
        .pool(Pools.ofSize(SIZE))
        .timeouts(Pools.SHORT);
  }

  @Test
  void what_the_server_grants_is_used_and_the_rest_is_told_as_saturation() {
    try (Database database = Database.open(settings(), new SimpleMeterRegistry())) {
      try (HeldScopes _ = new HeldScopes(database, LIMIT)) {
        long began = System.nanoTime();
        assertThatThrownBy(() -> database.execute(Backends::pid))
            .isInstanceOf(DatabaseConnectionException.class)
            .hasMessageContaining("53300")
            .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.SATURATED));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
      }
      assertThat(database.execute(Backends::pid)).isPositive();
      assertThat(database.state().freePermits()).isEqualTo(SIZE);
    }
  }

  @Test
  void a_budget_that_does_not_fit_is_refused_with_the_arithmetic_where_the_settings_say_so() {
    DatabaseSettings strict = settings().budget(new Budget(3, Budget.Excess.REFUSE));
    assertThatThrownBy(() -> Database.open(strict, new SimpleMeterRegistry()).close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3 replicas x (pool of 5 + 1) = 18 connections")
        .hasMessageContaining("CONNECTION LIMIT of 2");
  }

  @Test
  void a_full_server_saturates_and_does_not_make_the_database_unhealthy() throws IOException {
    try (FaultProxy proxy = new FaultProxy();
        Database database =
            Database.open(
                proxy.before(
                    DatabaseSettings.of(open.url()).pool(Pools.ofSize(2)).timeouts(Pools.SHORT)),
                new SimpleMeterRegistry())) {
      proxy.mode(FaultProxy.Mode.SERVER_FULL);
      proxy.cut();
      assertThatThrownBy(() -> database.execute(Backends::pid))
          .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.SATURATED));
      assertThat(database.health()).isInstanceOf(Health.Up.class);
      proxy.mode(FaultProxy.Mode.PASS);
      Pools.assertWhole(database);
      assertThat(database.execute(Backends::pid)).isPositive();
    }
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Budget;
import dev.ragprocessor.db.ConnectionPoolExhaustedException;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Health;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.Logged;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.MeterRegistry;
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
  void permits_shrink_to_what_connects_and_grow_back_once_the_server_has_room()
      throws SQLException {
    MeterRegistry meters = new SimpleMeterRegistry();
    try (Logged logged = new Logged("dev.ragprocessor.db.Shortage");
        Database database = Database.open(settings(), meters)) {
      await().until(() -> database.state().permits() == LIMIT);
      assertThat(meters.get("db.permits").gauge().value()).isEqualTo(LIMIT);
      assertServesManyInTurn(database);
      assertRefusesWithinThePermitWait(database);
      assertKeepsAReserve(database);

      open.sql("ALTER ROLE %s CONNECTION LIMIT %d".formatted(ROLE, SIZE));
      Pools.assertWhole(database);
      assertServesManyInTurn(database);
      try (HeldScopes _ = new HeldScopes(database, SIZE)) {
        assertThat(database.state().active()).isEqualTo(SIZE);
      }
      Pools.assertWhole(database);
      assertThat(logged.lines().getFirst())
          .startsWith("WARN jdbc:postgresql://")
          .endsWith("accepts 2 of 5 connections: as many scopes run at a time");
      assertThat(logged.lines().subList(1, logged.lines().size()))
          .as("one line a change, and each change is one for the better")
          .doesNotHaveDuplicates()
          .hasSizeBetween(1, SIZE - LIMIT)
          .allSatisfy(line -> assertThat(line).startsWith("INFO "))
          .last()
          .isEqualTo("INFO 5 of 5 scopes run at a time again");
    } finally {
      open.sql("ALTER ROLE %s CONNECTION LIMIT %d".formatted(ROLE, LIMIT));
    }
  }

  /** Nobody waits in the pool, where it would take 1.5 s and end with the server's refusal. */
  private static void assertServesManyInTurn(Database database) {
    try (Load load = new Load(32, () -> database.inTransaction("load", Backends::pid))) {
      load.awaitSuccesses(500, Duration.ofSeconds(10));
      load.end();
      assertThat(load.failures()).isEmpty();
      assertThat(load.unexpected()).isEmpty();
      assertThat(load.longest()).isLessThan(Duration.ofSeconds(1));
    }
  }

  private static void assertRefusesWithinThePermitWait(Database database) {
    try (HeldScopes _ = new HeldScopes(database, LIMIT)) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> database.execute("one too many", Backends::pid))
          .isInstanceOf(ConnectionPoolExhaustedException.class)
          .hasMessageContaining("pool of 5, of which 2 can be opened, 2 active")
          .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.SATURATED));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }
  }

  private static void assertKeepsAReserve(Database database) {
    try (HeldScopes _ = new HeldScopes(database.gate(), LIMIT - 1)) {
      assertThatThrownBy(() -> database.gate().execute("bulk", Backends::pid))
          .isInstanceOf(ConnectionPoolExhaustedException.class);
      assertThat(database.execute("search", Backends::pid)).isPositive();
    }
  }

  @Test
  void a_budget_that_does_not_fit_is_refused_with_the_arithmetic_where_the_settings_say_so() {
    DatabaseSettings strict = settings().budget(new Budget(3, Budget.Excess.REFUSE));
    assertThatThrownBy(() -> Database.open(strict, new SimpleMeterRegistry()).close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3 replicas x (pool of 5 + 2) = 21 connections")
        .hasMessageContaining("CONNECTION LIMIT of 2");
  }

  @Test
  void a_full_server_saturates_is_not_stormed_and_does_not_make_the_database_unhealthy()
      throws IOException {
    try (FaultProxy proxy = new FaultProxy();
        Database database =
            Database.open(
                proxy.before(
                    DatabaseSettings.of(open.url()).pool(Pools.ofSize(SIZE)).timeouts(Pools.SHORT)),
                new SimpleMeterRegistry())) {
      Pools.assertWhole(database);
      proxy.mode(FaultProxy.Mode.SERVER_FULL);
      proxy.cut();
      int before = proxy.accepted();
      try (Load load = new Load(32, () -> database.execute(Backends::pid))) {
        load.awaitFailures(32, Duration.ofSeconds(10));
        load.end();
        assertThat(load.succeeded()).isZero();
        assertThat(load.unexpected()).isEmpty();
        assertThat(load.failures())
            .allSatisfy(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.SATURATED));
      }
      assertThat(proxy.accepted() - before)
          .as("attempts, each after a longer pause")
          .isLessThan(20);
      assertThat(database.health()).isInstanceOf(Health.Up.class);
      proxy.mode(FaultProxy.Mode.PASS);
      Pools.assertWhole(database);
      assertThat(database.execute(Backends::pid)).isPositive();
    }
  }
}

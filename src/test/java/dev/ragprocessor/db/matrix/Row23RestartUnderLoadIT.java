package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The server fails under load, stays away and comes back. */
class Row23RestartUnderLoadIT {
  private static final int SIZE = 4;
  private static final int THREADS = 32;

  private final AtomicInteger number = new AtomicInteger();
  private final Set<Integer> stored = ConcurrentHashMap.newKeySet();
  private final Set<Integer> unknown = ConcurrentHashMap.newKeySet();

  @Test
  void every_scope_commits_or_fails_typed_and_the_pool_recovers_by_itself() throws IOException {
    try (TestServer server = new TestServer();
        FaultProxy proxy = new FaultProxy();
        Database database =
            Database.open(
                proxy.before(
                    DatabaseSettings.of(server.url())
                        .pool(Pools.ofSize(SIZE))
                        .timeouts(Pools.SHORT)),
                new SimpleMeterRegistry())) {
      database.execute(db -> db.dml("CREATE TABLE t (id int PRIMARY KEY)"));
      try (Load load = new Load(THREADS, () -> store(database))) {
        load.awaitSuccesses(100, Duration.ofSeconds(10));
        proxy.mostClients();
        server.stopImmediately();
        load.awaitFailures(THREADS, Duration.ofSeconds(10));
        server.start();
        load.awaitSuccesses(100, Duration.ofSeconds(5));
        load.end();
        assertThat(load.unexpected()).isEmpty();
        assertThat(load.failures())
            .allSatisfy(
                failure ->
                    assertThat(Verdict.of(failure))
                        .as("%s", failure)
                        .isIn(Verdict.RETRYABLE, Verdict.SATURATED));
      }
      assertThat(proxy.mostClients()).as("connections at once").isLessThanOrEqualTo(SIZE);
      assertStored(database);
      Pools.assertWhole(database);
    }
  }

  private void store(Database database) {
    int id = number.incrementAndGet();
    try {
      database.inTransaction("load", db -> db.insert("INSERT INTO t VALUES (?)", id));
      stored.add(id);
    } catch (DatabaseConnectionException failure) {
      if (!failure.retrySafe()) {
        unknown.add(id);
      }
      throw failure;
    }
  }

  private void assertStored(Database database) {
    List<Integer> rows =
        database.execute(
            db -> db.query("SELECT id FROM t").map(row -> row.column("id").getInt()).toList());
    assertThat(rows).containsAll(stored);
    Set<Integer> possible = new HashSet<>(stored);
    possible.addAll(unknown);
    assertThat(possible).containsAll(rows);
  }
}

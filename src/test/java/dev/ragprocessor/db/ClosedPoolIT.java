package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A closed database leaves no backend behind, whatever the pool was about to do. */
class ClosedPoolIT {
  private static final int CLOSED = 8;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @Test
  void a_connection_that_opens_while_the_pool_closes_is_closed_too() throws IOException {
    try (FaultProxy slow = new FaultProxy()) {
      slow.mode(FaultProxy.Mode.DELAY);
      DatabaseSettings settings =
          slow.before(DatabaseSettings.of(open.url()).applicationName("closes-early"));
      for (int opened = 0; opened < CLOSED; opened++) {
        Database.open(settings, new SimpleMeterRegistry()).close();
      }
      assertNoneRemains();
    }
  }

  @Test
  void a_connection_that_replaces_a_killed_one_while_the_pool_closes_is_closed_too()
      throws SQLException {
    DatabaseSettings settings = DatabaseSettings.of(open.url()).applicationName("closes-early");
    for (int opened = 0; opened < CLOSED; opened++) {
      try (Database database = Database.open(settings, new SimpleMeterRegistry())) {
        database.execute(db -> db.get("SELECT 1"));
        open.sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE application_name = 'closes-early'");
        database.execute(db -> db.get("SELECT 1"));
      }
    }
    assertNoneRemains();
  }

  private static void assertNoneRemains() {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(backends()).isZero());
  }

  private static long backends() {
    return open.database()
        .execute(
            db ->
                db.get(
                        "SELECT count(*) AS backends FROM pg_stat_activity"
                            + " WHERE application_name = 'closes-early'")
                    .orElseThrow()
                    .column("backends")
                    .getLong());
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PoolSettings;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A physical connection cannot be made ready: no extension, no right to log in. */
class Row04ConnectionInitialisationFailsIT {
  private static final int SIZE = 2;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  @Test
  void a_database_without_the_extension_serves_everything_but_vectors() throws SQLException {
    open.sql("CREATE DATABASE without_" + ProcessHandle.current().pid());
    String url = open.url().replaceAll("/test_\\w+", "/without_" + ProcessHandle.current().pid());
    try (Database database =
        Database.open(
            DatabaseSettings.of(url).pool(PoolSettings.DEFAULT.size(SIZE)),
            new SimpleMeterRegistry())) {
      for (int call = 0; call < 3 * SIZE; call++) {
        assertThat(database.<Integer, RuntimeException>execute(Backends::pid)).isPositive();
      }
      assertThat(database.state().freePermits()).isEqualTo(SIZE);
    }
  }

  @Test
  void a_role_that_may_no_longer_log_in_costs_no_permit_and_recovers() throws SQLException {
    String role = "row04_" + ProcessHandle.current().pid();
    String url = open.createRole(role, "");
    try (Database database =
        Database.open(
            DatabaseSettings.of(url).applicationName(role).pool(PoolSettings.DEFAULT.size(SIZE)),
            new SimpleMeterRegistry())) {
      assertThat(database.<Integer, RuntimeException>execute(Backends::pid)).isPositive();
      open.sql("ALTER ROLE " + role + " NOLOGIN");
      open.sql(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'"
              .formatted(role));
      for (int call = 0; call < SIZE; call++) {
        assertThatThrownBy(() -> database.execute(Backends::pid))
            .isInstanceOf(DatabaseConnectionException.class);
        assertThat(database.state().freePermits()).isEqualTo(SIZE);
      }
      open.sql("ALTER ROLE " + role + " LOGIN");
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> database.<Integer, RuntimeException>execute(Backends::pid) > 0);
    } finally {
      open.sql("DROP ROLE " + role);
    }
  }
}

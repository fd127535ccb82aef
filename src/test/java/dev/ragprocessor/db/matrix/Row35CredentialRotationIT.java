package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PasswordFile;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password changes while the service runs: on the server first, in the file a little later. */
class Row35CredentialRotationIT {
  @TempDir Path directory;

  @Test
  void a_rotated_password_is_read_again_for_new_connections() throws IOException, SQLException {
    Path file = Files.writeString(directory.resolve("password"), "first\n");
    PasswordFile password = new PasswordFile(file);
    try (TestServer server = new TestServer()) {
      sql(
          server,
          "CREATE ROLE rotating; CREATE ROLE service LOGIN PASSWORD 'first' IN ROLE rotating");
      DatabaseEndpoint endpoint =
          new DatabaseEndpoint(
              server.urlWithoutUser(),
              Map.of(),
              "service",
              () -> password.get().value(),
              Pooler.NONE);
      try (Database database =
          Database.open(
              DatabaseSettings.of(endpoint).pool(Pools.ofSize(2)), new SimpleMeterRegistry())) {
        Pools.assertWhole(database);
        sql(server, "ALTER ROLE service PASSWORD 'second'");
        assertThat(database.execute(Backends::pid)).as("open connections go on").isPositive();
        sql(
            server,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'service'");
        assertThatThrownBy(() -> database.execute(Backends::pid))
            .isInstanceOf(DatabaseConnectionException.class)
            .hasMessageContaining("28P01")
            .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.RETRYABLE));
        Files.writeString(file, "second\n");
        Pools.assertWhole(database);
        assertThat(database.execute(Backends::pid)).isPositive();
      }
    }
  }

  private static void sql(TestServer server, String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }
}

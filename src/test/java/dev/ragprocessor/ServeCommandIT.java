package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
class ServeCommandIT {
  private static final Pattern ADDRESS =
      Pattern.compile("Serving on (\\S+) \\(health and metrics on (\\S+)\\)");

  @TempDir Path directory;

  @Test
  void sigterm_ends_it_in_order_within_seconds()
      throws IOException, InterruptedException, SQLException {
    String database = TestDatabases.create();
    try (OwnProcess process =
        OwnProcess.start(
            Map.of("DATABASE_URL", database),
            "serve",
            "--set",
            "server.port=0",
            "--set",
            "server.admin-port=0",
            "--set",
            "bucket.directory=" + directory.resolve("buckets"))) {
      Matcher addresses = process.await(ADDRESS);
      assertThat(status(addresses.group(2) + "/health/ready")).isEqualTo(200);
      assertThat(backends(database)).isPositive();

      // 128 + 15: what a shell and Kubernetes expect of a process that SIGTERM ended
      assertThat(process.terminate(15)).isEqualTo(143);
      Awaitility.await()
          .atMost(Duration.ofSeconds(2))
          .untilAsserted(() -> assertThat(backends(database)).isZero());
    }
  }

  private static int status(String address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  /** Backends of the program, this connection aside. */
  private static long backends(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}

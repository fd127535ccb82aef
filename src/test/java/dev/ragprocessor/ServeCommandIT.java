package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestDatabases;
import java.io.BufferedReader;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    Process process = serve(database);
    try {
      Matcher addresses = awaitServing(process);
      assertThat(status(addresses.group(2) + "/health/ready")).isEqualTo(200);
      assertThat(backends(database)).isPositive();

      process.destroy();
      assertThat(process.waitFor(15, TimeUnit.SECONDS)).as("ended").isTrue();
      // 128 + 15: what a shell and Kubernetes expect of a process that SIGTERM ended
      assertThat(process.exitValue()).isEqualTo(143);
      Awaitility.await()
          .atMost(Duration.ofSeconds(2))
          .untilAsserted(() -> assertThat(backends(database)).isZero());
    } finally {
      process.destroyForcibly();
    }
  }

  private Process serve(String database) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--set",
                "server.port=0",
                "--set",
                "server.admin-port=0",
                "--set",
                "bucket.directory=" + directory.resolve("buckets")));
    builder.environment().keySet().removeIf(name -> name.startsWith("RAG_"));
    builder.environment().put("DATABASE_URL", database);
    return builder.redirectErrorStream(true).start();
  }

  private static Matcher awaitServing(Process process) throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      Matcher matcher = ADDRESS.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new AssertionError("it ended before it served:\n" + said);
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

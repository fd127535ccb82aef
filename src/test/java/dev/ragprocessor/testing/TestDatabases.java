package dev.ragprocessor.testing;

import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.PrivateCluster;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fresh databases, with the extension vector, on one PostgreSQL server for the whole test run: the
 * one that the environment variable {@code TEST_DATABASE_URL} names, else a private cluster that is
 * removed with the test run's end.
 */
public final class TestDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestDatabases() {}

  /** Promises the JDBC URL, user and password included, of a new and empty database. */
  public static String create() throws SQLException {
    return copyOf(Server.TEMPLATE);
  }

  /** Promises the same of a database in which every migration has run, and nothing else. */
  public static String migrated() throws SQLException {
    return copyOf(Migrated.TEMPLATE);
  }

  /** Promises a copy of a database of this run that nobody is connected to. */
  public static String copy(String url) throws SQLException {
    return copyOf(DatabaseUrl.parse(url).database());
  }

  /** Promises tables and rows as the Python service and its web application leave them. */
  public static void leaveAsThePythonServiceDoes(String url) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(Path.of("src/test/resources/adopted.sql")));
    }
  }

  // A copy of a database that is ready takes a fraction of making it so anew.
  private static String copyOf(String template) throws SQLException {
    String name = "test_%d_%d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
    execute(Server.ADMINISTRATION, "CREATE DATABASE %s TEMPLATE %s".formatted(name, template));
    return jdbc(Server.ADMINISTRATION.withDatabase(name));
  }

  private static void execute(DatabaseUrl url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc(url));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String jdbc(DatabaseUrl url) {
    String password = url.password().isNone() ? "" : "&password=" + encode(url.password().value());
    return url.jdbcUrl() + "?user=" + encode(url.user()) + password;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Migrated by the first use, shared by every test class. */
  private static final class Migrated {
    private static final String TEMPLATE = template();

    private static String template() {
      String name = Server.TEMPLATE + "_migrated";
      try {
        execute(
            Server.ADMINISTRATION,
            "CREATE DATABASE %s TEMPLATE %s".formatted(name, Server.TEMPLATE));
      } catch (SQLException cause) {
        throw new IllegalStateException("The migrated template failed.", cause);
      }
      Migrations.run(
          DatabaseSettings.of(jdbc(Server.ADMINISTRATION.withDatabase(name))),
          "classpath:db/migration");
      return name;
    }
  }

  /** Started by the first use, shared by every test class, ended with the test run. */
  private static final class Server {
    private static final String TEMPLATE = "test_template_" + ProcessHandle.current().pid();
    private static final DatabaseUrl ADMINISTRATION = administration();

    private static DatabaseUrl administration() {
      String given = System.getenv().getOrDefault("TEST_DATABASE_URL", "");
      DatabaseUrl url = given.isEmpty() ? privateCluster() : DatabaseUrl.parse(given);
      try {
        execute(url, "CREATE DATABASE " + TEMPLATE);
        execute(url.withDatabase(TEMPLATE), "CREATE EXTENSION vector");
      } catch (SQLException cause) {
        throw new IllegalStateException("The template of the test databases failed.", cause);
      }
      return url;
    }

    private static DatabaseUrl privateCluster() {
      Path home =
          Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-test-" + UUID.randomUUID());
      // Never closed: its supervisor ends and removes it when this program has ended.
      Install install =
          "never".equals(System.getenv("RAG_INSTALL")) ? Install.NEVER : Install.ALLOWED;
      return PrivateCluster.start(ClusterSettings.scratch(home, install), System.err::println)
          .url("postgres");
    }
  }
}

package dev.ragprocessor.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** Fresh databases, with the extension vector, on one PostgreSQL server for the whole test run. */
public final class TestDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestDatabases() {}

  /** Promises the JDBC URL, user included, of a new and empty database. */
  public static String create() throws SQLException {
    String name = "test_%d_%d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
    try (Connection connection = DriverManager.getConnection(url("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    try (Connection connection = DriverManager.getConnection(url(name));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION vector");
    }
    return url(name);
  }

  private static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:55432/" + database + "?user=postgres";
  }
}

package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.regex.Pattern;

/** Makes databases in a cluster, over short connections of its own. */
record Databases(PrivateCluster cluster) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  /** Promises that the database exists and has the extension. */
  void create(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A database's name has 1 to 63 lower-case letters, digits and underscores: '%s'"
              .formatted(name));
    }
    try {
      try (Connection connection = connect(cluster.url("postgres"))) {
        if (!exists(connection, name)) {
          execute(connection, "CREATE DATABASE \"%s\"".formatted(name));
        }
      }
      try (Connection connection = connect(cluster.url(name))) {
        execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
      }
    } catch (SQLException cause) {
      throw new ClusterException(
          "The database %s cannot be made in the private cluster (SQLSTATE %s)."
              .formatted(name, cause.getSQLState()),
          cause);
    }
  }

  static Connection connect(DatabaseUrl url) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(url.properties());
    properties.setProperty("user", url.user());
    properties.setProperty("password", url.password().value());
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(url.jdbcUrl(), properties);
  }

  private static boolean exists(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?")) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

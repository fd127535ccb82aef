package dev.ragprocessor.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PoolSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** What is compared: a scope, and the pool below it by itself. Safe for use by many threads. */
sealed interface Lending extends AutoCloseable {
  /** As many connections as the measurement has. */
  int SIZE = 8;

  /** Nobody gives up before this. */
  Duration PATIENCE = Duration.ofSeconds(60);

  /** Takes a connection and gives it back. */
  int takeAndGiveBack() throws SQLException;

  /**
   * Takes a connection, has the server sleep, and gives it back.
   *
   * @return how long the connection was waited for, in nanoseconds
   */
  long sleep(String seconds) throws SQLException;

  @Override
  void close();

  /** The system property that names a file with the JDBC URL: a URL may hold a password. */
  String URL_FILE = "bench.url-file";

  /** Promises the way with this name, over the database that {@link #URL_FILE} leads to. */
  static Lending of(String name) throws IOException {
    String jdbcUrl = Files.readString(Path.of(System.getProperty(URL_FILE)));
    return switch (name) {
      case "scope" -> new Scoped(jdbcUrl);
      case "hikari" -> new Bare(jdbcUrl);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Through the room. */
  final class Scoped implements Lending {
    private final Database database;

    private Scoped(String jdbcUrl) {
      database =
          Database.open(
              DatabaseSettings.of(jdbcUrl)
                  .pool(PoolSettings.DEFAULT.size(SIZE).permitWait(PATIENCE).maxWaiters(100_000)),
              new SimpleMeterRegistry());
    }

    @Override
    public int takeAndGiveBack() {
      return database.execute("bench", db -> 1);
    }

    @Override
    public long sleep(String seconds) {
      long asked = System.nanoTime();
      return database.execute(
          "bench",
          db -> {
            long waited = System.nanoTime() - asked;
            db.get("SELECT pg_sleep(" + seconds + ")");
            return waited;
          });
    }

    @Override
    public void close() {
      database.close();
    }
  }

  /** The pool alone, configured as the room does it where that matters here. */
  final class Bare implements Lending {
    private final HikariDataSource source;

    private Bare(String jdbcUrl) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(jdbcUrl);
      config.setMaximumPoolSize(SIZE);
      config.setConnectionTimeout(PATIENCE.toMillis());
      source = new HikariDataSource(config);
    }

    @Override
    public int takeAndGiveBack() throws SQLException {
      try (Connection connection = source.getConnection()) {
        return connection.hashCode();
      }
    }

    @Override
    public long sleep(String seconds) throws SQLException {
      long asked = System.nanoTime();
      try (Connection connection = source.getConnection()) {
        long waited = System.nanoTime() - asked;
        try (PreparedStatement statement =
            connection.prepareStatement("SELECT pg_sleep(" + seconds + ")")) {
          statement.execute();
        }
        return waited;
      }
    }

    @Override
    public void close() {
      source.close();
    }
  }
}

package dev.ragprocessor.db.demo;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ragprocessor.db.DatabaseEndpoint;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbTransaction;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The database client over a plain pool, as its documentation shows it, with a statement forgotten:
 * each mistake costs a connection for ever.
 */
final class LeakyWay implements Way {
  /** How long the pool lets somebody wait: long enough to see that nothing comes back. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final HikariDataSource pool;
  private final DbClient client;

  LeakyWay(DatabaseEndpoint endpoint, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("leaky");
    config.setJdbcUrl(endpoint.jdbcUrl());
    if (endpoint.user() != null) {
      config.setUsername(endpoint.user());
    }
    @Nullable String password = endpoint.password().get();
    if (password != null) {
      config.setPassword(password);
    }
    endpoint.properties().forEach(config::addDataSourceProperty);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(PATIENCE.toMillis());
    pool = new HikariDataSource(config);
    client = JdbcClientBuilder.create().connectionPool(this::connection).build();
  }

  private Connection connection() {
    try {
      return pool.getConnection();
    } catch (SQLException failure) {
      throw new DbClientException("No connection", failure);
    }
  }

  @Override
  public String event(Mistake mistake) throws PoolDiedException {
    try {
      switch (mistake) {
        case STREAM_LEFT_UNREAD -> client.execute().query("SELECT generate_series(1, 100)");
        case TRANSACTION_NEVER_ENDED -> {
          DbTransaction transaction = client.transaction();
          transaction.get("SELECT 1");
        }
      }
      return "done, and a connection lost";
    } catch (DbClientException failure) {
      throw new PoolDiedException(String.valueOf(deepest(failure).getMessage()), failure);
    }
  }

  private static Throwable deepest(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  @Override
  public int active() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  @Override
  public int idle() {
    return pool.getHikariPoolMXBean().getIdleConnections();
  }

  @Override
  public void close() {
    pool.close();
  }
}

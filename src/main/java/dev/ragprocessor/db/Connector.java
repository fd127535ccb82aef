package dev.ragprocessor.db;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens physical connections, each with the password of that moment (row 35), and notes how it
 * went: the pool itself tells only those who have waited in vain. Safe for use by many threads.
 */
final class Connector implements DataSource, AutoCloseable {
  private final String jdbcUrl;
  private final Supplier<Properties> properties;
  private final Refusals refusals;
  private final Opening opening;

  /** Guarded by this; the driver's connections have no equality of their own. */
  private final Set<Connection> opened = Collections.newSetFromMap(new WeakHashMap<>());

  private boolean closed; // guarded by this

  /**
   * @param properties asked for every connection; it may throw {@link PasswordFileException}
   * @param opening told of every connection that was opened
   */
  Connector(String jdbcUrl, Supplier<Properties> properties, Refusals refusals, Opening opening) {
    this.jdbcUrl = jdbcUrl;
    this.properties = properties;
    this.refusals = refusals;
    this.opening = opening;
  }

  /** Promises a new connection, which the caller closes; blocks for the connect timeout at most. */
  @Override
  public Connection getConnection() throws SQLException {
    long began = System.nanoTime();
    Connection connection;
    try {
      connection = DriverManager.getConnection(jdbcUrl, current());
    } catch (SQLException failure) {
      refusals.refused(failure);
      throw failure;
    }
    refusals.accepted();
    keep(connection);
    try {
      opening.opened(connection, System.nanoTime() - began);
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
    return connection;
  }

  /** What is done with a connection that has just been opened. */
  @FunctionalInterface
  interface Opening {
    /**
     * Takes note of it, or makes it what its user needs.
     *
     * @param took in nanoseconds
     */
    void opened(Connection connection, long took) throws SQLException;
  }

  private synchronized void keep(Connection connection) throws SQLException {
    if (closed) {
      connection.close();
      throw new SQLNonTransientConnectionException("the pool was closed meanwhile", "08003");
    }
    opened.add(connection);
  }

  /** A file that cannot be read for a moment is a rotation under way, as a refused password is. */
  private Properties current() throws SQLException {
    try {
      return properties.get();
    } catch (PasswordFileException unreadable) {
      throw new SQLInvalidAuthorizationSpecException("no password", "28000", unreadable);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the settings say who connects");
  }

  /** Does nothing: the settings' connect timeout is among the properties. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("logs go to SLF4J");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("nothing is wrapped");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  /**
   * Promises that every connection from here is closed or will be as soon as it is open. HikariCP
   * forgets one that it was about to add when it was closed, which would outlive the pool.
   */
  @Override
  public synchronized void close() {
    closed = true;
    for (Connection connection : opened) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException failure) {
        throw new IllegalStateException("without a security manager nothing forbids it", failure);
      }
    }
    opened.clear();
  }
}

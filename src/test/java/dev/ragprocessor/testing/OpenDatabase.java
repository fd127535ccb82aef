package dev.ragprocessor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PoolSettings;
import dev.ragprocessor.db.PoolState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One open database for a test class, and the invariant after each of its tests: borrowed equals
 * returned, every permit is free, nobody waits, nothing is idle in a transaction, no advisory lock
 * is held, and the server has no more backends of ours than the pool has connections. To be
 * registered as a static field.
 */
public final class OpenDatabase implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final UnaryOperator<DatabaseSettings> change;
  private final String applicationName =
      "it-%d-%d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private @Nullable String url;
  private @Nullable Database database;

  private OpenDatabase(UnaryOperator<DatabaseSettings> change) {
    this.change = change;
  }

  /** Promises a database with the default settings, this pool, and half a second for a permit. */
  public static OpenDatabase ofSize(int size) {
    return with(
        settings ->
            settings.pool(PoolSettings.DEFAULT.size(size).permitWait(Duration.ofMillis(500))));
  }

  /** Promises a database with the default settings, changed like this. */
  public static OpenDatabase with(UnaryOperator<DatabaseSettings> change) {
    return new OpenDatabase(change);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    String created = TestDatabases.create();
    url = created;
    database =
        Database.open(
            change.apply(DatabaseSettings.of(created).applicationName(applicationName)), meters);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(this::assertInvariant);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    database().close();
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(count("true")).as("backends after close").isZero());
  }

  private void assertInvariant() throws SQLException {
    PoolState state = database().state();
    assertThat(state.active()).as("connections not returned").isZero();
    assertThat(state.freePermits()).as("free permits").isEqualTo(state.size());
    assertThat(state.waiters()).as("waiters").isZero();
    assertThat(count("state LIKE 'idle in transaction%'")).as("idle in transaction").isZero();
    assertThat(count("true")).as("backends").isLessThanOrEqualTo(state.size());
    assertThat(count("pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"))
        .as("advisory locks")
        .isZero();
  }

  /** Promises how many of this database's backends fulfil the condition. */
  public int count(String condition) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '%s' AND (%s)"
                    .formatted(applicationName, condition))) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Promises that all backends of this database that fulfil the condition have ended. */
  public void kill(String condition) throws SQLException {
    sql(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '%s' AND (%s)"
            .formatted(applicationName, condition));
  }

  /** Promises to execute the statement on a connection that has nothing to do with the pool. */
  public void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /**
   * Promises the URL of this database for a new role with these attributes; the caller drops it.
   *
   * @param attributes as {@code CREATE ROLE} has them, for example {@code CONNECTION LIMIT 2}
   */
  public String createRole(String name, String attributes) throws SQLException {
    sql("CREATE ROLE %s LOGIN PASSWORD 'of-a-test' %s".formatted(name, attributes));
    return "%s?user=%s&password=of-a-test".formatted(url().substring(0, url().indexOf('?')), name);
  }

  /** Promises the open database. */
  public Database database() {
    return Objects.requireNonNull(database, "register the extension as a static field");
  }

  /** Promises where its meters are. */
  public MeterRegistry meters() {
    return meters;
  }

  /** Promises the name under which the server shows its backends. */
  public String applicationName() {
    return applicationName;
  }

  /** Promises its JDBC URL. */
  public String url() {
    return Objects.requireNonNull(url, "register the extension as a static field");
  }
}

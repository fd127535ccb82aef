package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Pooler;
import dev.ragprocessor.testing.PgBouncer;
import dev.ragprocessor.testing.TestDatabases;
import io.helidon.dbclient.DbClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real PgBouncer in transaction mode, which shares two sessions among four connections. */
class Row32PgBouncerIT {
  private static final int SIZE = 4;
  private static @Nullable PgBouncer pooler;
  private static @Nullable Database database;

  @BeforeAll
  static void open() throws IOException, SQLException {
    pooler = new PgBouncer(TestDatabases.create(), 100, 2);
    database =
        Database.open(
            DatabaseSettings.of(pooler().endpoint(Pooler.TRANSACTION))
                .pool(Pools.ofSize(SIZE).permitWait(Duration.ofSeconds(5)))
                .timeouts(Pools.SHORT),
            new SimpleMeterRegistry());
    database().execute(db -> db.dml("CREATE TABLE t (id int PRIMARY KEY, v vector(3))"));
  }

  @AfterAll
  static void close() throws IOException {
    database().close();
    pooler().close();
  }

  @Test
  void statements_repeated_on_changing_sessions_are_never_missing() {
    try (Load load =
        new Load(
            4 * SIZE,
            () ->
                database()
                    .inTransaction(
                        "load",
                        db -> {
                          db.createGet("SELECT count(*) FROM t WHERE id = :id")
                              .addParam("id", 1)
                              .execute();
                          return db.get("SELECT pg_sleep(0.001)");
                        }))) {
      load.awaitSuccesses(500, Duration.ofSeconds(20));
      load.end();
      assertThat(load.failures()).isEmpty();
      assertThat(load.unexpected()).isEmpty();
    }
    Pools.assertWhole(database());
  }

  @Test
  void batches_copies_and_rollbacks_work_as_without_a_pooler() {
    List<@Nullable Object[]> rows =
        List.<@Nullable Object[]>of(new @Nullable Object[] {101}, new @Nullable Object[] {102});
    database().inTransaction(db -> db.batch("INSERT INTO t (id) VALUES (?)", rows));
    database()
        .inTransaction(
            db -> db.copyIn("COPY t (id) FROM STDIN (FORMAT binary)", copy -> copy.row(103)));
    assertThatThrownBy(
            () ->
                database()
                    .inTransaction(
                        db -> {
                          db.insert("INSERT INTO t (id) VALUES (104)");
                          return db.get("SELECT no_such_column");
                        }))
        .isInstanceOf(DbClientException.class);
    List<Integer> stored =
        database()
            .execute(
                db ->
                    db.query("SELECT id FROM t WHERE id > 100 ORDER BY id")
                        .map(row -> row.column("id").getInt())
                        .toList());
    assertThat(stored).containsExactly(101, 102, 103);
  }

  @Test
  void a_pooler_that_the_settings_do_not_name_is_a_clear_error() {
    DatabaseSettings direct =
        DatabaseSettings.of(pooler().endpoint(Pooler.NONE))
            .pool(Pools.ofSize(1))
            .timeouts(Pools.SHORT);
    try (Database wrong = Database.open(direct, new SimpleMeterRegistry())) {
      assertThatThrownBy(() -> wrong.execute(Backends::pid))
          .isInstanceOf(DatabaseConnectionException.class)
          .hasMessageContaining("jdbc:postgresql://127.0.0.1:")
          .hasMessageContaining("08P01");
    }
  }

  private static PgBouncer pooler() {
    return Objects.requireNonNull(pooler);
  }

  private static Database database() {
    return Objects.requireNonNull(database);
  }
}

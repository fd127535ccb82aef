package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every backend is killed while idle and used again at once, before the pool would look. */
class Row22KilledWhileIdleIT {
  private static final int SIZE = 3;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  @BeforeEach
  void every_connection_was_used_just_now() throws SQLException {
    open.sql("DROP TABLE IF EXISTS t");
    open.sql("CREATE TABLE t (id int)");
    open.sql("DROP SEQUENCE IF EXISTS attempts");
    open.sql("CREATE SEQUENCE attempts");
    new HeldScopes(open.database(), SIZE).close();
  }

  @Test
  void statements_outside_a_transaction_find_another_connection() throws SQLException {
    open.kill("true");
    for (int call = 0; call < 2 * SIZE; call++) {
      long stored = open.database().execute(db -> db.insert("INSERT INTO t VALUES (1)"));
      assertThat(stored).isEqualTo(1);
    }
    assertThat(rows()).isEqualTo(2 * SIZE);
  }

  @Test
  void transactions_find_another_connection() throws SQLException {
    open.kill("true");
    for (int call = 0; call < 2 * SIZE; call++) {
      int number = call;
      open.database().inTransaction(db -> db.insert("INSERT INTO t VALUES (?)", number));
    }
    assertThat(rows()).isEqualTo(2 * SIZE);
  }

  @Test
  void the_first_statement_of_a_transaction_is_sent_again_when_it_dies_on_the_way() {
    open.database()
        .inTransaction(
            db ->
                db.createInsert(
                        "INSERT INTO t SELECT :a WHERE CASE WHEN nextval('attempts') = 1 THEN"
                            + " pg_terminate_backend(pg_backend_pid()) ELSE true END")
                    .addParam("a", 7)
                    .execute());
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void a_first_statement_that_may_run_twice_is_sent_again_when_it_dies_on_the_way() {
    long ran =
        open.database()
            .executeIdempotent(
                "test.twice",
                db ->
                    db.createInsert(
                            "INSERT INTO t SELECT :a WHERE CASE WHEN nextval('attempts') = 1 THEN"
                                + " pg_terminate_backend(pg_backend_pid()) ELSE true END")
                        .addParam("a", 7)
                        .execute());
    assertThat(ran).isEqualTo(1);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void a_later_statement_that_may_run_twice_is_not_sent_again() {
    assertThatThrownBy(
            () ->
                open.database()
                    .executeIdempotent(
                        "test.twice",
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          open.kill("true");
                          return db.insert("INSERT INTO t VALUES (2)");
                        }))
        .isInstanceOf(DatabaseConnectionException.class);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void a_batch_that_begins_a_transaction_is_sent_again() throws SQLException {
    open.kill("true");
    List<@Nullable Object[]> batch =
        List.<@Nullable Object[]>of(new @Nullable Object[] {1}, new @Nullable Object[] {2});
    open.database().inTransaction(db -> db.batch("INSERT INTO t VALUES (?)", batch));
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void a_later_statement_is_never_sent_again() {
    assertThatThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          open.kill("true");
                          return db.insert("INSERT INTO t VALUES (2)");
                        }))
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class, failure -> assertThat(failure.retrySafe()).isTrue());
    assertThat(rows()).isZero();
  }

  @Test
  void a_statement_outside_a_transaction_that_may_have_run_is_not_sent_again() {
    assertThatThrownBy(
            () ->
                open.database()
                    .execute(db -> db.get("SELECT pg_terminate_backend(pg_backend_pid())")))
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            failure -> assertThat(failure.retrySafe()).isFalse());
  }

  @Test
  void a_connection_in_steady_use_is_not_looked_at_which_would_take_a_millisecond() {
    long shortest = Long.MAX_VALUE;
    for (int call = 0; call < 500; call++) {
      long began = System.nanoTime();
      open.database().execute(Backends::pid);
      shortest = Math.min(shortest, System.nanoTime() - began);
    }
    assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofMillis(1));
  }

  private long rows() {
    return open.database().execute(db -> Backends.rows(db, "t"));
  }
}

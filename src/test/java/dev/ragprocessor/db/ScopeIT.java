package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pgvector.PGvector;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.TestDatabases;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PGobject;

/** What leaks with the plain database client does not leak with scopes. */
class ScopeIT {
  private static final int SIZE = 4;

  private Database database;

  @BeforeEach
  void open() throws SQLException {
    database =
        Database.open(
            DatabaseSettings.of(TestDatabases.create())
                .pool(PoolSettings.DEFAULT.size(SIZE).permitWait(Duration.ofMillis(500))),
            new SimpleMeterRegistry());
    database.execute(db -> db.dml("CREATE TABLE t (id int PRIMARY KEY, v text)"));
  }

  @AfterEach
  void nothing_is_out() {
    PoolState state = database.state();
    database.close();
    assertThat(state.active()).isZero();
    assertThat(state.freePermits()).isEqualTo(SIZE);
    assertThat(state.waiters()).isZero();
  }

  @Test
  void a_hundred_unread_streams_in_a_hundred_scopes_leave_nothing_behind() {
    for (int scope = 0; scope < 100; scope++) {
      Stream<DbRow> unread = database.execute(db -> db.query("SELECT generate_series(1, 1000)"));
      assertThatIllegalStateException()
          .isThrownBy(unread::findFirst)
          .withMessageContaining("has ended");
    }
  }

  @Test
  void a_hundred_unread_streams_in_one_scope_use_one_connection() {
    database.execute(
        db -> {
          for (int stream = 0; stream < 100; stream++) {
            db.query("SELECT generate_series(1, 1000)").iterator().next();
          }
          assertThat(database.state().active()).isEqualTo(1);
          return null;
        });
  }

  @Test
  void a_forgotten_commit_cannot_be_written_and_an_exception_rolls_back() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    db -> {
                      db.insert("INSERT INTO t VALUES (1, 'a')");
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(rows()).isZero();
    database.inTransaction(db -> db.insert("INSERT INTO t VALUES (1, 'a')"));
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void a_failing_statement_in_a_transaction_rolls_back_and_keeps_its_cause() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    db -> {
                      db.insert("INSERT INTO t VALUES (1, 'a')");
                      return db.insert("INSERT INTO t VALUES (1, 'b')");
                    }))
        .isInstanceOf(DbStatementException.class)
        .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.PERMANENT));
    assertThat(rows()).isZero();
  }

  @Test
  void twenty_missing_parameters_fail_twenty_times() {
    for (int call = 0; call < 20; call++) {
      assertThatThrownBy(
              () ->
                  database.execute(
                      db -> db.createQuery("SELECT :a").addParam("b", 1).execute().toList()))
          .isInstanceOf(DbClientException.class);
    }
  }

  @Test
  void a_parameter_of_an_unknown_type_fails_and_leaves_nothing_behind() {
    for (int call = 0; call < 2 * SIZE; call++) {
      assertThatThrownBy(() -> database.execute(db -> db.query("SELECT ?", new Object()).toList()))
          .isInstanceOf(DbClientException.class)
          .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.PERMANENT));
    }
  }

  @Test
  void unwrap_cannot_be_used_to_escape() {
    assertThatThrownBy(() -> database.execute(db -> db.unwrap(java.sql.Connection.class)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void a_nested_scope_has_the_same_backend_and_takes_no_permit() {
    database.inTransaction(
        outer -> {
          int backend = backend(outer);
          database.execute(
              inner -> {
                assertThat(backend(inner)).isEqualTo(backend);
                assertThat(database.state().freePermits()).isEqualTo(SIZE - 1);
                return null;
              });
          return null;
        });
  }

  @Test
  void a_statement_of_a_nested_autocommit_scope_is_part_of_the_transaction() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    outer -> {
                      database.execute(inner -> inner.insert("INSERT INTO t VALUES (1, 'a')"));
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(rows()).isZero();
  }

  @Test
  void an_inner_failure_that_is_caught_still_dooms_the_transaction() {
    IllegalArgumentException cause = new IllegalArgumentException("inner");
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    outer -> {
                      outer.insert("INSERT INTO t VALUES (1, 'a')");
                      try {
                        database.inTransaction(
                            inner -> {
                              throw cause;
                            });
                      } catch (IllegalArgumentException caught) {
                        assertThat(caught).isSameAs(cause);
                      }
                      return null;
                    }))
        .isInstanceOf(TransactionRolledBackException.class)
        .hasCause(cause);
    assertThat(rows()).isZero();
  }

  @Test
  void a_transaction_inside_a_plain_scope_begins_and_ends_by_itself() {
    database.execute(
        outer -> {
          outer.insert("INSERT INTO t VALUES (1, 'plain')");
          assertThatThrownBy(
                  () ->
                      database.inTransaction(
                          inner -> {
                            inner.insert("INSERT INTO t VALUES (2, 'lost')");
                            throw new IllegalArgumentException("no");
                          }))
              .isInstanceOf(IllegalArgumentException.class);
          database.inTransaction(inner -> inner.insert("INSERT INTO t VALUES (3, 'kept')"));
          return outer.insert("INSERT INTO t VALUES (4, 'plain')");
        });
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void a_repeatable_transaction_inside_a_scope_is_an_error() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                database.execute(
                    outer -> database.inRepeatableTransaction(inner -> backend(inner))));
  }

  @Test
  void a_network_call_inside_a_scope_is_an_error() {
    Database.requireOutsideScope("calling a model");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                database.execute(
                    db -> {
                      Database.requireOutsideScope("calling a model");
                      return null;
                    }))
        .withMessageContaining("calling a model");
  }

  @Test
  void a_batch_counts_what_it_stored() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int id = 1; id <= 100; id++) {
      rows.add(new @Nullable Object[] {id, "v" + id});
    }
    long[] counts = database.inTransaction(db -> db.batch("INSERT INTO t VALUES (?, ?)", rows));
    assertThat(counts).hasSize(100);
    assertThat(rows()).isEqualTo(100);
  }

  @Test
  void copies_every_type_in_binary() throws SQLException {
    UUID id = UUID.randomUUID();
    PGobject json = new PGobject();
    json.setType("jsonb");
    json.setValue("{\"a\": 1}");
    OffsetDateTime time = OffsetDateTime.parse("1999-12-31T23:59:59.123456+02:00");
    database.inTransaction(
        db -> {
          db.dml(
              "CREATE TABLE every (id uuid, t text, j jsonb, i int, l bigint, v vector(3), ts"
                  + " timestamptz, n text)");
          long stored =
              db.copyIn(
                  "COPY every FROM STDIN (FORMAT binary)",
                  rows ->
                      rows.row(
                          id, "grün", json, 7, 1L << 40, new float[] {1, 2.5f, -3}, time, null));
          assertThat(stored).isEqualTo(1);
          return null;
        });
    DbRow row =
        database.execute(
            db ->
                db.get(
                        "SELECT id::text, t, j::text, i, l, v, ts = '1999-12-31T23:59:59.123456+02'"
                            + " AS ts, n FROM every")
                    .orElseThrow());
    assertThat(row.column(1).get(String.class)).isEqualTo(id.toString());
    assertThat(row.column(2).get(String.class)).isEqualTo("grün");
    assertThat(row.column(3).get(String.class)).isEqualTo("{\"a\": 1}");
    assertThat(row.column(4).get()).isEqualTo(7);
    assertThat(row.column(5).get()).isEqualTo(1L << 40);
    assertThat(((PGvector) row.column(6).get()).toArray()).containsExactly(1, 2.5f, -3);
    assertThat(row.column(7).get()).isEqualTo(true);
    assertThat(row.column(8).get(String.class)).isNull();
  }

  @Test
  void the_fifth_holder_is_told_who_has_the_connections() {
    try (HeldScopes held = new HeldScopes(database, SIZE)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> database.execute("fifth", db -> backend(db)))
          .isInstanceOf(ConnectionPoolExhaustedException.class)
          .hasMessageContaining("fifth")
          .hasMessageContaining("pool of 4, 4 active")
          .hasMessageContaining("longest hold is held")
          .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.SATURATED))
          .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
    }
  }

  @Test
  void the_gate_leaves_one_permit_to_others() {
    try (HeldScopes held = new HeldScopes(database.gate(), SIZE - 1)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> database.gate().execute(db -> backend(db)))
          .isInstanceOf(ConnectionPoolExhaustedException.class);
      int answered = database.execute(db -> backend(db));
      assertThat(answered).isPositive();
    }
  }

  private long rows() {
    return database.execute(
        db -> (Long) db.get("SELECT count(*) FROM t").orElseThrow().column(1).get());
  }

  private static int backend(Scope db) {
    return (Integer) db.get("SELECT pg_backend_pid()").orElseThrow().column(1).get();
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.Timeouts;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server ends a session that sits in a transaction and does nothing. */
class Row27IdleInTransactionIT {
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Pools.SHORT.statement(),
          Pools.SHORT.lock(),
          Duration.ofMillis(200),
          Pools.SHORT.socket(),
          Pools.SHORT.connect());

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(settings -> settings.pool(Pools.ofSize(1)).timeouts(TIMEOUTS));

  @Test
  void an_idle_transaction_is_lost_as_a_whole_and_the_next_scope_has_another_connection()
      throws SQLException {
    open.sql("CREATE TABLE t (id int)");
    assertThatThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          int pid = Backends.pid(db);
                          await().until(() -> open.count("pid = " + pid) == 0);
                          return db.insert("INSERT INTO t VALUES (2)");
                        }))
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            failure -> {
              assertThat(failure.verdict()).isEqualTo(Verdict.RETRYABLE);
              assertThat(failure.retrySafe()).isTrue();
            });
    long rows = open.database().execute(db -> Backends.rows(db, "t"));
    assertThat(rows).isZero();
  }

  @Test
  void a_scope_that_is_idle_outside_a_transaction_is_left_alone() throws SQLException {
    int idle =
        open.database()
            .execute(
                db -> {
                  int pid = Backends.pid(db);
                  String longer = "state = 'idle' AND now() - state_change > interval '400 ms'";
                  await().until(() -> open.count(longer) == 1);
                  return Backends.pid(db) - pid;
                });
    assertThat(idle).isZero();
  }
}

package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbStatementException;
import java.sql.SQLException;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server ends for the sake of another transaction is done again. */
class RepeatableTransactionIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(4);

  @BeforeEach
  void two_rows() throws SQLException {
    open.sql("DROP TABLE IF EXISTS account");
    open.sql("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)");
    open.sql("INSERT INTO account VALUES (1, 0), (2, 0)");
  }

  @Test
  void both_sides_of_a_deadlock_are_stored() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = threads.submit(() -> transfer(1, 2, runs, bothHoldOne));
      Future<?> two = threads.submit(() -> transfer(2, 1, runs, bothHoldOne));
      one.get();
      two.get();
    }
    assertThat(runs).hasValue(3);
    assertThat(balance(1)).isEqualTo(2);
    assertThat(balance(2)).isEqualTo(2);
  }

  @Test
  void a_deadlock_in_a_plain_transaction_is_its_callers_business() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    int failed = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one =
          threads.submit(
              () -> open.database().inTransaction(db -> add(db, 1, 2, runs, bothHoldOne)));
      Future<?> two =
          threads.submit(
              () -> open.database().inTransaction(db -> add(db, 2, 1, runs, bothHoldOne)));
      for (Future<?> side : java.util.List.of(one, two)) {
        try {
          side.get();
        } catch (ExecutionException failure) {
          failed++;
          assertThat(failure).hasCauseInstanceOf(DbStatementException.class);
          assertThat(Verdict.of(failure)).isEqualTo(Verdict.RETRYABLE);
        }
      }
    }
    assertThat(failed).isEqualTo(1);
    assertThat(runs).hasValue(2);
  }

  @Test
  void gives_up_after_five_times() {
    AtomicInteger runs = new AtomicInteger();
    assertThatThrownBy(
            () ->
                open.database()
                    .inRepeatableTransaction(
                        db -> {
                          runs.incrementAndGet();
                          return db.dml(
                              "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END"
                                  + " $$");
                        }))
        .isInstanceOf(DbStatementException.class);
    assertThat(runs).hasValue(5);
  }

  @Test
  void any_other_failure_is_not_repeated() {
    AtomicInteger runs = new AtomicInteger();
    assertThatThrownBy(
            () ->
                open.database()
                    .inRepeatableTransaction(
                        db -> {
                          runs.incrementAndGet();
                          return db.insert("INSERT INTO account VALUES (1, 0)");
                        }))
        .isInstanceOf(DbStatementException.class);
    assertThat(runs).hasValue(1);
  }

  private static long transfer(int first, int second, AtomicInteger runs, CyclicBarrier barrier) {
    return open.database().inRepeatableTransaction(db -> add(db, first, second, runs, barrier));
  }

  private static long add(
      Scope db, int first, int second, AtomicInteger runs, CyclicBarrier barrier) {
    int run = runs.incrementAndGet();
    db.update("UPDATE account SET balance = balance + 1 WHERE id = ?", first);
    if (run <= 2) {
      try {
        barrier.await();
      } catch (InterruptedException | BrokenBarrierException failure) {
        throw new AssertionError(failure);
      }
    }
    return db.update("UPDATE account SET balance = balance + 1 WHERE id = ?", second);
  }

  private static int balance(int id) {
    return open.database()
        .execute(
            db ->
                (Integer)
                    db.get("SELECT balance FROM account WHERE id = ?", id)
                        .orElseThrow()
                        .column(1)
                        .get());
  }
}

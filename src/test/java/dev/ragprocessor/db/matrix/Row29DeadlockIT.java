package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two writers take the same rows in opposite order; one is sacrificed and repeated. */
class Row29DeadlockIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(2);

  private final CyclicBarrier bothHaveOne = new CyclicBarrier(2);
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void the_sacrificed_transaction_is_repeated_and_both_are_stored()
      throws SQLException, InterruptedException, ExecutionException {
    open.sql("CREATE TABLE t (id int PRIMARY KEY, value int NOT NULL)");
    open.sql("INSERT INTO t VALUES (1, 0), (2, 0)");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> one = threads.submit(() -> raise(1, 2));
      Future<Integer> other = threads.submit(() -> raise(2, 1));
      assertThat(one.get() + other.get()).as("runs of both").isEqualTo(3);
    }
    List<Integer> values =
        open.database()
            .execute(
                db ->
                    db.query("SELECT value FROM t ORDER BY id")
                        .map(row -> row.column("value").getInt())
                        .toList());
    assertThat(values).containsExactly(2, 2);
  }

  private int raise(int first, int second) {
    AtomicInteger mine = new AtomicInteger();
    open.database()
        .inRepeatableTransaction(
            "raise",
            db -> {
              db.dml("SET LOCAL deadlock_timeout = '20ms'");
              db.update("UPDATE t SET value = value + 1 WHERE id = ?", first);
              mine.incrementAndGet();
              if (runs.incrementAndGet() <= 2) {
                meet();
              }
              return db.update("UPDATE t SET value = value + 1 WHERE id = ?", second);
            });
    return mine.get();
  }

  private void meet() {
    try {
      bothHaveOne.await();
    } catch (InterruptedException | BrokenBarrierException failure) {
      throw new AssertionError(failure);
    }
  }
}

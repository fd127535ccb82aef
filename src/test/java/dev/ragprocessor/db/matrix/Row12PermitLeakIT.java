package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.DatabaseException;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand scopes that end badly in every way at once leave every permit free. */
class Row12PermitLeakIT {
  private static final int SCOPES = 1_000;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(4);

  @Test
  void a_storm_of_failures_and_interrupts_costs_no_permit() {
    AtomicInteger failed = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int scope = 0; scope < SCOPES; scope++) {
        int number = scope;
        threads.execute(
            () -> {
              try {
                badly(number);
              } catch (DatabaseException
                  | DbClientException
                  | IllegalArgumentException
                  | StackOverflowError expected) {
                failed.incrementAndGet();
              }
            });
      }
    }
    assertThat(failed).hasValueGreaterThan(SCOPES / 2);
  }

  private static void badly(int number) {
    Thread current = Thread.currentThread();
    if (number % 5 == 0) {
      Thread.startVirtualThread(current::interrupt);
    }
    open.database()
        .inTransaction(
            db ->
                switch (number % 4) {
                  case 0 -> db.query("SELECT generate_series(1, 10)");
                  case 1 -> db.get("SELECT no_such_column");
                  case 2 -> overflow(Backends.pid(db));
                  default -> {
                    Backends.pid(db);
                    throw new IllegalArgumentException(
                        "bad %d".formatted(ThreadLocalRandom.current().nextInt()));
                  }
                });
  }

  private static int overflow(int depth) {
    return depth < 0 ? 0 : overflow(depth + 1) + depth;
  }
}

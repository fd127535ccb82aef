package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every thread holds a connection and wants a second one. */
class Row09NestedBorrowIT {
  private static final int SIZE = 4;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  @Test
  void as_many_nested_holders_as_connections_do_not_deadlock() throws Exception {
    CyclicBarrier everybodyHoldsOne = new CyclicBarrier(SIZE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> same = new ArrayList<>();
      for (int thread = 0; thread < SIZE; thread++) {
        same.add(
            threads.submit(
                () ->
                    open.database()
                        .<Boolean, Exception>inTransaction(
                            outer -> {
                              everybodyHoldsOne.await(10, TimeUnit.SECONDS);
                              int backend = Backends.pid(outer);
                              int nested = open.database().execute(Backends::pid);
                              return nested == backend;
                            })));
      }
      for (Future<Boolean> joined : same) {
        assertThat(joined.get()).isTrue();
      }
    }
  }

  @Test
  void a_gated_scope_inside_a_scope_joins_it_as_well() {
    open.database()
        .inTransaction(
            outer -> {
              int nested = open.database().gate().inTransaction(Backends::pid);
              assertThat(nested).isEqualTo(Backends.pid(outer));
              assertThat(open.database().state().freePermits()).isEqualTo(SIZE - 1);
              return null;
            });
  }

  @Test
  void a_scope_of_another_database_inside_a_scope_is_an_error() {
    try (Database other =
        Database.open(DatabaseSettings.of(open.url()), new SimpleMeterRegistry())) {
      assertThatIllegalStateException()
          .isThrownBy(() -> open.database().execute(db -> other.execute(Backends::pid)))
          .withMessageContaining("one thread holds one connection at a time");
    }
  }
}

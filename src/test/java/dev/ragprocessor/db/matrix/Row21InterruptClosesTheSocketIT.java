package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.ScopeHeldTooLongException;
import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An interrupt closes the socket under a virtual thread that waits for the server. Whoever does it
 * loses the connection and nothing else; the room itself never does it.
 */
class Row21InterruptClosesTheSocketIT {
  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings ->
              settings.pool(
                  settings
                      .pool()
                      .size(1)
                      .permitWait(Duration.ofSeconds(10))
                      .hold(Duration.ofMillis(500), Duration.ofSeconds(1))));

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean interrupted = new AtomicBoolean();

  @Test
  void an_interrupted_statement_costs_its_connection_and_is_told_as_that()
      throws InterruptedException, SQLException {
    int pid = open.database().execute(Backends::pid);
    Thread thread = sleeper(0.9);
    await().until(() -> open.count("query LIKE '%pg_sleep%'") == 1);
    thread.interrupt();
    thread.join();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            lost -> assertThat(lost.retrySafe()).as("in a transaction").isTrue());
    int other = open.database().execute(Backends::pid);
    assertThat(other).isNotEqualTo(pid);
    assertThat(open.database().state().freePermits()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(open.count("true")).isEqualTo(1));
  }

  @Test
  void the_hold_limit_cancels_without_an_interrupt() throws InterruptedException {
    Thread thread = sleeper(10);
    thread.join();
    assertThat(failure.get()).isInstanceOf(ScopeHeldTooLongException.class);
    assertThat(interrupted).isFalse();
  }

  private Thread sleeper(double seconds) {
    return Thread.startVirtualThread(
        () -> {
          try {
            open.database()
                .inTransaction("sleeper", db -> db.get("SELECT pg_sleep(" + seconds + ")"));
          } catch (RuntimeException thrown) {
            failure.set(thrown);
          }
          interrupted.set(Thread.currentThread().isInterrupted());
        });
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.ScopeHeldTooLongException;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A scope held too long is not only reported: it loses its connection, and others go on. */
class Row41LeakDetectionIT {
  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings ->
              settings.pool(
                  settings
                      .pool()
                      .size(1)
                      .permitWait(Duration.ofSeconds(10))
                      .hold(Duration.ofMillis(100), Duration.ofMillis(300))));

  @Test
  void a_statement_past_the_limit_is_cancelled_and_its_holder_told() throws SQLException {
    open.sql("CREATE TABLE IF NOT EXISTS t (id int)");
    assertThatThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        "runaway",
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          return db.get("SELECT pg_sleep(10)");
                        }))
        .isInstanceOf(ScopeHeldTooLongException.class)
        .hasMessageContaining("runaway")
        .hasMessageContaining("its transaction was rolled back")
        .hasCauseInstanceOf(io.helidon.dbclient.DbClientException.class)
        .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.RETRYABLE));
    long rows = open.database().execute(db -> Backends.rows(db, "t"));
    assertThat(rows).isZero();
  }

  @Test
  void a_holder_that_does_not_come_back_cannot_keep_others_waiting() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread holder =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, thrown) -> failure.set(thrown))
            .start(
                () ->
                    open.database()
                        .execute(
                            "never leaving",
                            db -> {
                              Backends.pid(db);
                              inside.countDown();
                              try {
                                end.await();
                              } catch (InterruptedException interruption) {
                                throw new AssertionError(interruption);
                              }
                              return null;
                            }));
    inside.await();
    int other = open.database().execute(Backends::pid);
    assertThat(other).isPositive();
    assertThat(holder.isAlive()).isTrue();
    end.countDown();
    holder.join();
    assertThat(failure.get()).isInstanceOf(ScopeHeldTooLongException.class);
    assertThat(open.database().state().freePermits()).isEqualTo(1);
  }

  @Test
  void what_outlives_the_limit_is_refused_the_connection() {
    assertThatThrownBy(
            () ->
                open.database()
                    .execute(
                        db -> {
                          await().until(() -> open.database().state().freePermits() == 1);
                          return Backends.pid(db);
                        }))
        .isInstanceOf(ScopeHeldTooLongException.class);
  }
}

package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ragprocessor.db.Scope;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbStatementQuery;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing that came from a scope works after it, or on another thread. */
class Row08UseAfterScopeIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(2);

  @Test
  void a_scope_that_escaped_refuses_everything() {
    Scope escaped = open.database().execute(db -> db);
    assertThatIllegalStateException()
        .isThrownBy(() -> escaped.get("SELECT 1"))
        .withMessageContaining("has ended");
    assertThatIllegalStateException().isThrownBy(() -> escaped.batch("SELECT 1", List.of()));
    assertThatIllegalStateException()
        .isThrownBy(() -> escaped.copyIn("COPY t FROM STDIN (FORMAT binary)", rows -> {}));
  }

  @Test
  void a_statement_that_escaped_never_touches_another_scopes_connection() {
    DbStatementQuery escaped =
        open.database()
            .execute(
                db -> {
                  Backends.pid(db);
                  return db.createQuery("SELECT 1");
                });
    open.database()
        .execute(
            db -> {
              assertThatIllegalStateException().isThrownBy(escaped::execute);
              return Backends.pid(db);
            });
  }

  @Test
  void rows_that_escaped_their_scope_cannot_be_read() {
    Stream<DbRow> escaped = open.database().execute(db -> db.query("SELECT generate_series(1, 3)"));
    assertThatIllegalStateException()
        .isThrownBy(escaped::toList)
        .withMessageContaining("return values, not streams");
  }

  @Test
  void another_thread_may_not_use_the_scope_of_this_one() {
    open.database()
        .execute(
            db -> {
              assertThat(elsewhere(() -> db.get("SELECT 1")))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("open a scope in the thread that needs one");
              return Backends.pid(db);
            });
  }

  @Test
  void another_thread_may_not_read_the_rows_of_this_one() {
    open.database()
        .execute(
            db -> {
              Stream<DbRow> rows = db.query("SELECT generate_series(1, 3)");
              assertThat(elsewhere(() -> rows.forEach(row -> {})))
                  .isInstanceOf(IllegalStateException.class);
              return null;
            });
  }

  private static @Nullable Throwable elsewhere(Runnable use) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual().uncaughtExceptionHandler((_, thrown) -> failure.set(thrown)).start(use);
    try {
      thread.join();
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
    return failure.get();
  }
}

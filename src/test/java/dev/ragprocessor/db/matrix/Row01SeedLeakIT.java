package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One connection kept per event: theirs dies at event N + 1, ours does not know how. */
class Row01SeedLeakIT {
  private static final int SIZE = 4;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  @Test
  void the_predecessor_dies_at_the_event_after_the_last_connection() {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(open.url());
      pool.setMaximumPoolSize(SIZE);
      pool.setConnectionTimeout(300);
      for (int event = 0; event < SIZE; event++) {
        leakyEvent(pool);
      }
      assertThatThrownBy(() -> leakyEvent(pool))
          .hasCauseInstanceOf(SQLTransientConnectionException.class);
    }
  }

  @Test
  void a_hundred_times_as_many_events_leave_the_pool_as_it_was() {
    for (int event = 0; event < 100 * SIZE; event++) {
      int number = event;
      int answer =
          open.database()
              .execute(db -> (Integer) db.get("SELECT ?", number).orElseThrow().column(1).get());
      assertThat(answer).isEqualTo(number);
      assertThat(open.database().state().total()).isLessThanOrEqualTo(SIZE);
    }
  }

  /** As the predecessor did it: the connection is used and forgotten. */
  @SuppressWarnings("resource") // the leak is what this test is about
  private static void leakyEvent(HikariDataSource pool) {
    try {
      pool.getConnection().createStatement().execute("SELECT 1");
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}

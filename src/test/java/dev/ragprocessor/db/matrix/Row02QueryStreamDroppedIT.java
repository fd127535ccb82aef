package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream that is dropped, or read half. */
class Row02QueryStreamDroppedIT {
  private static final int SIZE = 4;
  private static final String ROWS = "SELECT generate_series(1, 100)";

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  @Test
  void the_plain_client_keeps_the_connection_of_a_stream_read_half() {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(open.url());
      pool.setMaximumPoolSize(SIZE);
      JdbcConnectionPool connections =
          () -> {
            try {
              return pool.getConnection();
            } catch (SQLException failure) {
              throw new IllegalStateException(failure);
            }
          };
      DbClient plain = JdbcClientBuilder.create().connectionPool(connections).build();
      for (int call = 0; call < SIZE; call++) {
        plain.execute().query(ROWS).iterator().next();
      }
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(SIZE);
    }
  }

  @Test
  void a_dropped_stream_ends_with_its_scope() {
    for (int call = 0; call < 5 * SIZE; call++) {
      Stream<DbRow> dropped = open.database().execute(db -> db.query(ROWS));
      dropped.close();
    }
  }

  @Test
  void a_stream_read_half_ends_with_its_scope_and_says_so() {
    for (int call = 0; call < 5 * SIZE; call++) {
      Iterator<DbRow> half =
          open.database()
              .execute(
                  db -> {
                    Iterator<DbRow> rows = db.query(ROWS).iterator();
                    rows.next();
                    return rows;
                  });
      assertThatIllegalStateException()
          .isThrownBy(half::hasNext)
          .withMessageContaining("has ended: read what is needed inside its block");
    }
  }
}

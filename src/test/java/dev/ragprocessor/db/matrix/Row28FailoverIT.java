package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * After a fail-over the connections lead to what is a read-only replica now. The first write that
 * notices it parts from all of them, because they all lead there.
 */
class Row28FailoverIT {
  private static final int SIZE = 3;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(settings -> settings.pool(Pools.ofSize(SIZE)).timeouts(Pools.SHORT));

  @Test
  void one_write_fails_and_the_next_finds_the_new_primary() throws SQLException {
    String database = open.url().replaceAll(".*/|\\?.*", "");
    open.sql("CREATE TABLE t (id int)");
    open.sql("ALTER DATABASE " + database + " SET default_transaction_read_only = on");
    open.kill("true");
    new HeldScopes(open.database(), SIZE).close(); // every connection is one to the replica
    open.sql("START TRANSACTION READ WRITE; ALTER DATABASE " + database + " RESET ALL; COMMIT");
    assertThatThrownBy(() -> insert())
        .isInstanceOf(DbClientException.class)
        .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.RETRYABLE));
    for (int write = 0; write < 2 * SIZE; write++) {
      assertThat(insert()).isEqualTo(1);
    }
    Pools.assertWhole(open.database());
  }

  private static long insert() {
    return open.database().inTransaction(db -> db.insert("INSERT INTO t VALUES (1)"));
  }
}

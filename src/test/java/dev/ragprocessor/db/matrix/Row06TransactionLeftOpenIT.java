package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.TransactionRolledBackException;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A transaction cannot be left open: its end is the block's end. */
class Row06TransactionLeftOpenIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @BeforeEach
  void empty() throws SQLException {
    open.sql("DROP TABLE IF EXISTS t");
    open.sql("CREATE TABLE t (id int PRIMARY KEY)");
  }

  @Test
  void a_block_that_returns_is_stored() {
    open.database().inTransaction(db -> db.insert("INSERT INTO t VALUES (1)"));
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void a_block_that_throws_between_its_statements_leaves_no_row() {
    assertThatThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          throw new IllegalArgumentException("between");
                        }))
        .hasMessage("between");
    assertThat(rows()).isZero();
  }

  @Test
  void a_failed_statement_that_the_block_forgives_still_undoes_everything() {
    assertThatThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          assertThatThrownBy(() -> db.insert("INSERT INTO t VALUES (1)"))
                              .isInstanceOf(DbClientException.class);
                          return 0;
                        }))
        .isInstanceOf(TransactionRolledBackException.class)
        .hasCauseInstanceOf(SQLException.class);
    assertThat(rows()).isZero();
  }

  @Test
  void statements_are_stored_one_by_one_again_after_a_transaction() {
    open.database().inTransaction(db -> db.insert("INSERT INTO t VALUES (1)"));
    assertThatThrownBy(
            () ->
                open.database()
                    .execute(
                        db -> {
                          db.insert("INSERT INTO t VALUES (2)");
                          throw new IllegalArgumentException("after");
                        }))
        .hasMessage("after");
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void a_commit_written_as_sql_is_an_error() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                open.database()
                    .inTransaction(
                        db -> {
                          db.insert("INSERT INTO t VALUES (1)");
                          return db.dml("COMMIT");
                        }))
        .withMessageContaining("commit and rollback are the scope's");
  }

  private long rows() {
    return open.database().execute(db -> Backends.rows(db, "t"));
  }
}

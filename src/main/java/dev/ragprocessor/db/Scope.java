package dev.ragprocessor.db;

import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One borrowed connection for the length of one block: Helidon's statements, and the few things
 * that they cannot do. Only the thread that entered the block may use it; afterwards every use
 * throws {@link IllegalStateException} saying how to do it right.
 */
public interface Scope extends DbExecute {
  /**
   * Promises to execute one statement for all rows in as few round trips as the driver can.
   *
   * @param sql a statement with {@code ?} placeholders
   * @param rows the parameters of each execution, in the order of the placeholders
   * @return the affected rows of each execution
   */
  long[] batch(String sql, List<@Nullable Object[]> rows);

  /**
   * Promises to stream rows into a table with {@code COPY … FROM STDIN (FORMAT binary)}.
   *
   * @param sql the complete COPY statement
   * @param rows writes the rows; it runs inside the call
   * @return the number of rows stored
   */
  long copyIn(String sql, Consumer<CopyRows> rows);

  /**
   * Promises a parameter of type {@code vector[]} for one statement of this scope, in binary where
   * the connection carries it.
   *
   * @param vectors borrowed until that statement has run
   */
  Object vectors(List<float[]> vectors);
}

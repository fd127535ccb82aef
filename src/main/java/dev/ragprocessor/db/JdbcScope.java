package dev.ragprocessor.db;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbStatementDml;
import io.helidon.dbclient.DbStatementException;
import io.helidon.dbclient.DbStatementGet;
import io.helidon.dbclient.DbStatementQuery;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;
import org.postgresql.core.BaseConnection;

/**
 * The scope of one hold. Helidon's client is made for this scope alone, over a pool of exactly its
 * connection: a statement that escapes finds the scope ended instead of another one's connection.
 */
final class JdbcScope implements Scope {
  private final Hold hold;
  private @Nullable DbExecute client;

  JdbcScope(Hold hold) {
    this.hold = hold;
  }

  private DbExecute client() {
    hold.check();
    DbExecute existing = client;
    if (existing == null) {
      existing =
          JdbcClientBuilder.create()
              .dbMapperManager(hold.lender().rows())
              .mapperManager(hold.lender().values())
              .connectionPool(() -> Guard.connection(hold))
              .build()
              .execute();
      client = existing;
    }
    return existing;
  }

  @Override
  public long[] batch(String sql, List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      hold.check();
      return new long[0];
    }
    try {
      Connection connection = hold.connectionForStatement();
      try {
        return batch(connection, sql, rows);
      } catch (SQLException failure) {
        if (!hold.mayRepeatFirst(failure)) {
          throw failure;
        }
        return batch(hold.reconnect(failure), sql, rows);
      }
    } catch (SQLException failure) {
      hold.statementFailed(failure);
      throw new DbStatementException("Failed to execute a batch", sql, failure);
    }
  }

  private long[] batch(Connection connection, String sql, List<@Nullable Object[]> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        for (int column = 0; column < row.length; column++) {
          statement.setObject(column + 1, row[column]);
        }
        statement.addBatch();
      }
      hold.asks();
      return Arrays.stream(statement.executeBatch()).asLongStream().toArray();
    } finally {
      hold.answered();
    }
  }

  @Override
  public long copyIn(String sql, Consumer<CopyRows> rows) {
    try {
      PGConnection server = hold.connectionForUnrepeatable().unwrap(PGConnection.class);
      hold.asks();
      PGCopyOutputStream out = new PGCopyOutputStream(server, sql);
      try {
        BinaryCopy copy = new BinaryCopy(out);
        rows.accept(copy);
        copy.end();
        return out.endCopy();
      } finally {
        if (out.isActive()) {
          out.cancelCopy();
        }
      }
    } catch (SQLException failure) {
      hold.statementFailed(failure);
      throw new DbStatementException("Failed to copy rows", sql, failure);
    } catch (IOException failure) {
      throw new DbStatementException("Failed to copy rows", sql, failure);
    } finally {
      hold.answered();
    }
  }

  @Override
  public Object vectors(List<float[]> vectors) {
    try {
      BaseConnection server = hold.connection().unwrap(BaseConnection.class);
      return new VectorArray(vectors, server.getTypeInfo().getPGType("vector"));
    } catch (SQLException failure) {
      throw new DbClientException("The type of vectors is not known", failure);
    }
  }

  @Override
  public <C> C unwrap(Class<C> type) {
    throw new UnsupportedOperationException(
        "the scope %s lends its connection and never hands it out: use its statements, batch or copyIn"
            .formatted(hold.name()));
  }

  @Override
  public DbStatementQuery createNamedQuery(String name, String statement) {
    return client().createNamedQuery(name, statement);
  }

  @Override
  public DbStatementQuery createNamedQuery(String name) {
    throw named(name);
  }

  @Override
  public DbStatementQuery createQuery(String statement) {
    return client().createQuery(statement);
  }

  @Override
  public DbStatementGet createNamedGet(String name, String statement) {
    return client().createNamedGet(name, statement);
  }

  @Override
  public DbStatementGet createNamedGet(String name) {
    throw named(name);
  }

  @Override
  public DbStatementGet createGet(String statement) {
    return client().createGet(statement);
  }

  @Override
  public DbStatementDml createNamedInsert(String name, String statement) {
    return client().createNamedInsert(name, statement);
  }

  @Override
  public DbStatementDml createNamedInsert(String name) {
    throw named(name);
  }

  @Override
  public DbStatementDml createInsert(String statement) {
    return client().createInsert(statement);
  }

  @Override
  public DbStatementDml createNamedUpdate(String name, String statement) {
    return client().createNamedUpdate(name, statement);
  }

  @Override
  public DbStatementDml createNamedUpdate(String name) {
    throw named(name);
  }

  @Override
  public DbStatementDml createUpdate(String statement) {
    return client().createUpdate(statement);
  }

  @Override
  public DbStatementDml createNamedDelete(String name, String statement) {
    return client().createNamedDelete(name, statement);
  }

  @Override
  public DbStatementDml createNamedDelete(String name) {
    throw named(name);
  }

  @Override
  public DbStatementDml createDelete(String statement) {
    return client().createDelete(statement);
  }

  @Override
  public DbStatementDml createNamedDmlStatement(String name, String statement) {
    return client().createNamedDmlStatement(name, statement);
  }

  @Override
  public DbStatementDml createNamedDmlStatement(String name) {
    throw named(name);
  }

  @Override
  public DbStatementDml createDmlStatement(String statement) {
    return client().createDmlStatement(statement);
  }

  private static DbClientException named(String name) {
    return new DbClientException(
        "No statements are configured by name: give the text of " + name + " beside its name");
  }
}

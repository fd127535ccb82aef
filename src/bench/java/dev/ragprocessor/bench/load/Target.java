package dev.ragprocessor.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The database that everything is written to, and what its backends use. Not thread-safe. */
final class Target implements AutoCloseable {
  private final Connection connection;
  private final List<String> vectorIndexes = new ArrayList<>();

  Target(String jdbcUrl) throws SQLException {
    connection = DriverManager.getConnection(jdbcUrl);
  }

  /** Promises the tables empty, and the vector index there or not. */
  void prepare(Index index) throws SQLException {
    execute("TRUNCATE documents, document_chunks, document_processing_jobs CASCADE");
    drop();
    if (index == Index.HNSW) {
      for (String definition : vectorIndexes) {
        execute(definition);
      }
    }
    execute("CHECKPOINT");
  }

  private void drop() throws SQLException {
    Map<String, String> found = new HashMap<>();
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                """
                SELECT indexname, indexdef FROM pg_indexes
                 WHERE tablename = 'document_chunks' AND indexdef LIKE '%USING hnsw%'
                """)) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getString(2));
      }
    }
    for (Map.Entry<String, String> index : found.entrySet()) {
      execute("DROP INDEX " + index.getKey());
      if (!vectorIndexes.contains(index.getValue())) {
        vectorIndexes.add(index.getValue());
      }
    }
  }

  /** How many chunks are stored. */
  int chunks() throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery("SELECT count(*) FROM document_chunks")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** The CPU time of every backend of this client so far, in milliseconds, by its process. */
  Map<Long, Double> backends(String application) throws SQLException {
    Map<Long, Double> used = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT pid FROM pg_stat_activity WHERE application_name = ?")) {
      query.setString(1, application);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          used.put(rows.getLong(1), Usage.cpuMillis(rows.getLong(1)));
        }
      }
    }
    return used;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Whether vectors are indexed while they are written. */
  enum Index {
    NONE,
    HNSW
  }
}

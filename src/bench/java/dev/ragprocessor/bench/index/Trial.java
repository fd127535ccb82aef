package dev.ragprocessor.bench.index;

import com.pgvector.PGvector;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes all vectors one way, then asks. */
final class Trial {
  private static final int TRANSACTION = 100;

  private final String jdbcUrl;
  private final List<float[]> vectors;
  private final List<String> questions;
  private final int segmentSize;

  Trial(String jdbcUrl, List<float[]> vectors, List<String> questions, int segmentSize) {
    this.jdbcUrl = jdbcUrl;
    this.vectors = vectors;
    this.questions = questions;
    this.segmentSize = segmentSize;
  }

  /**
   * What a way showed.
   *
   * @param written vectors a second, until the last is stored and every sealed segment is built
   * @param found the ids of each answer
   */
  record Result(double written, double p50Millis, double p95Millis, List<Set<Long>> found) {
    /** The part of the truth that was found. */
    double recall(Result truth) {
      double common = 0;
      double all = 0;
      for (int question = 0; question < found.size(); question++) {
        Set<Long> both = new HashSet<>(found.get(question));
        both.retainAll(truth.found.get(question));
        common += both.size();
        all += truth.found.get(question).size();
      }
      return common / all;
    }
  }

  Result run(Candidate candidate) throws SQLException, ExecutionException, InterruptedException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
      execute(connection, "DROP TABLE IF EXISTS items");
      execute(
          connection,
          "CREATE TABLE items (id bigint PRIMARY KEY, segment integer NOT NULL, embedding"
              + " vector(768) NOT NULL)");
      for (String statement : candidate.before()) {
        execute(connection, statement);
      }
      long begun = System.nanoTime();
      int sealed = write(connection, candidate);
      double written = vectors.size() / ((System.nanoTime() - begun) / 1e9);
      execute(connection, "ANALYZE items");
      return ask(connection, candidate, sealed, written);
    }
  }

  /** Builds go on beside the writing; how many segments have an index in the end. */
  private int write(Connection connection, Candidate candidate)
      throws SQLException, ExecutionException, InterruptedException {
    List<Future<?>> builds = new ArrayList<>();
    try (ExecutorService builder = Executors.newSingleThreadExecutor()) {
      connection.setAutoCommit(false);
      for (int from = 0; from < vectors.size(); from += TRANSACTION) {
        int to = Math.min(vectors.size(), from + TRANSACTION);
        insert(connection, from, to);
        connection.commit();
        if (candidate == Candidate.SEGMENTS && to % segmentSize == 0) {
          int segment = to / segmentSize - 1;
          builds.add(builder.submit(() -> build(candidate.seal(segment))));
        }
      }
      connection.setAutoCommit(true);
    }
    for (Future<?> build : builds) {
      build.get();
    }
    return builds.size();
  }

  private Void build(String statement) throws SQLException {
    try (Connection own = DriverManager.getConnection(jdbcUrl)) {
      execute(own, "SET maintenance_work_mem = '256MB'");
      execute(own, statement);
    }
    return null;
  }

  private void insert(Connection connection, int from, int to) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO items VALUES (?, ?, ?)")) {
      for (int id = from; id < to; id++) {
        insert.setLong(1, id);
        insert.setInt(2, id / segmentSize);
        insert.setObject(3, new PGvector(vectors.get(id)));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private Result ask(Connection connection, Candidate candidate, int sealed, double written)
      throws SQLException {
    execute(connection, "SET hnsw.ef_search = 100");
    List<Set<Long>> found = new ArrayList<>();
    long[] nanos = new long[questions.size()];
    for (int pass = 0; pass < 2; pass++) { // the first warms the caches
      found.clear();
      for (int question = 0; question < nanos.length; question++) {
        String sql = candidate.query(questions.get(question), sealed);
        long asked = System.nanoTime();
        found.add(ids(connection, sql));
        nanos[question] = System.nanoTime() - asked;
      }
    }
    Arrays.sort(nanos);
    return new Result(
        written, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 95 / 100] / 1e6, found);
  }

  private static Set<Long> ids(Connection connection, String sql) throws SQLException {
    Set<Long> ids = new HashSet<>();
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

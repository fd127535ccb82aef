package dev.ragprocessor.db.cluster;

import dev.ragprocessor.db.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A program with a private cluster, to be ended in every way that a program can end. */
final class ClusterProgram {
  private ClusterProgram() {}

  /**
   * Starts a cluster, prints its URL for the driver, and waits.
   *
   * @param arguments the directory for the cluster, its name and its lifetime
   */
  public static void main(String[] arguments) throws IOException {
    PrivateCluster cluster =
        PrivateCluster.start(
            new ClusterSettings(
                arguments[1], Path.of(arguments[0]), Lifetime.valueOf(arguments[2]), Install.NEVER),
            System.err::println);
    DatabaseUrl url = cluster.url("postgres");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> query(url)));
    System.out.println(url.jdbcUrl());
    int end = System.in.read();
    System.exit(end < 0 ? 0 : end);
  }

  /** What a draining program does: it still needs its database. */
  private static void query(DatabaseUrl url) {
    try (Connection connection = Databases.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      System.out.println("still answered at the end");
    } catch (SQLException cause) {
      System.out.println("failed at the end: " + cause.getSQLState());
    }
  }
}

package dev.ragprocessor.testing;

import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Pooler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real PgBouncer in transaction mode on loopback, before a database of the test server; it ends
 * when it is closed or this JVM ends. Where it is not installed it is, from Debian's packages and
 * as root, or the test says what is missing.
 */
public final class PgBouncer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private static final String END =
      """
      kill -KILL "$(cat "$1/pid")"
      rm -rf -- "$1"
      """;

  private final Path directory;
  private final Tether tether;
  private final int port;
  private final String database;

  /**
   * Promises a running pooler.
   *
   * @param jdbcUrl the database behind it
   * @param clients the most connections it accepts
   * @param servers the connections to the database that it shares among them
   */
  public PgBouncer(String jdbcUrl, int clients, int servers) throws IOException {
    DebianPackage.require("pgbouncer", PROGRAM);
    DatabaseUrl server = DatabaseUrl.parse(jdbcUrl);
    database = server.database();
    port = Programs.freePort();
    directory = Tether.directory("rag-test-pgbouncer-");
    tether = new Tether(END, directory.toString());
    Files.writeString(
        directory.resolve("pgbouncer.ini"),
        """
        [databases]
        %1$s = host=127.0.0.1 port=%2$d dbname=%1$s user=%4$s%9$s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %3$d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        ignore_startup_parameters = extra_float_digits
        max_client_conn = %5$d
        default_pool_size = %6$d
        logfile = %7$s
        pidfile = %8$s
        """
            .formatted(
                database,
                server.hosts().getFirst().port(),
                port,
                server.user(),
                clients,
                servers,
                directory.resolve("log"),
                directory.resolve("pid"),
                server.password().isNone()
                    ? ""
                    : " password='%s'".formatted(server.password().value().replace("'", "''"))));
    Programs.asPostgres(
        List.of(PROGRAM.toString(), "--daemon", directory.resolve("pgbouncer.ini").toString()));
    await("PgBouncer, which says in its log why, in " + directory).until(this::accepts);
  }

  /** Promises how to reach the database through the pooler, told what it is or not. */
  public DatabaseEndpoint endpoint(Pooler pooler) {
    return new DatabaseEndpoint(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database),
        Map.of(),
        "postgres",
        () -> null,
        pooler);
  }

  /** Promises the URL of the database through the pooler. */
  public String url() {
    return "postgres://postgres@127.0.0.1:%d/%s".formatted(port, database);
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected() && Files.exists(directory.resolve("pid"));
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    tether.close();
  }
}

package dev.ragprocessor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, for tests that stop, freeze or reconfigure one: on loopback,
 * below the temporary directory, without fsync, and gone with its data when it is closed or this
 * JVM ends. Members of the role {@code rotating} need their password; everybody else is trusted.
 */
public final class TestServer implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  /** A stopped process takes the signal to end when it continues. */
  private static final String END =
      """
      kill -CONT "$(head -n 1 "$1/postmaster.pid")"
      if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$2" -D "$1" -m immediate -w stop
      else
        "$2" -D "$1" -m immediate -w stop
      fi
      rm -rf -- "$1"
      """;

  private final Path data;
  private final int port;
  private final Tether tether;
  private List<ProcessHandle> frozen = List.of();

  /** Promises a running server. */
  public TestServer() throws IOException {
    data = Tether.directory("rag-test-server-");
    tether = new Tether(END, data.toString(), bin("pg_ctl"));
    port = Programs.freePort();
    Programs.asPostgres(
        List.of(
            bin("initdb"), "-D", data.toString(), "-U", "postgres", "-A", "trust", "--no-sync"));
    Path rules = data.resolve("pg_hba.conf");
    Files.writeString(
        rules, "host all +rotating 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
    start();
  }

  /** Promises a server that accepts connections, on the same port and with the same data. */
  public void start() {
    Programs.asPostgres(
        List.of(
            bin("pg_ctl"),
            "-D",
            data.toString(),
            "-w",
            "-l",
            data.resolve("log").toString(),
            "-o",
            "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=40"
                .formatted(port),
            "start"));
  }

  /** Promises that it has ended without a word to its clients, as if the machine had failed. */
  public void stopImmediately() {
    Programs.asPostgres(
        List.of(bin("pg_ctl"), "-D", data.toString(), "-w", "-m", "immediate", "stop"));
  }

  /** Promises that none of its processes runs until {@link #thaw}. */
  public void freeze() {
    ProcessHandle postmaster = postmaster();
    signal("STOP", List.of(postmaster)); // from here on it starts no more of them
    frozen = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    signal("STOP", frozen);
  }

  /** Promises that its processes run again. */
  public void thaw() {
    if (!frozen.isEmpty()) {
      signal("CONT", frozen);
      frozen = List.of();
    }
  }

  private static void signal(String signal, List<ProcessHandle> processes) {
    // One that has ended meanwhile is as good as one that was reached.
    String pids = processes.stream().map(it -> " " + it.pid()).collect(Collectors.joining());
    Programs.asPostgres(List.of("sh", "-c", "kill -%s%s || true".formatted(signal, pids)));
  }

  private ProcessHandle postmaster() {
    try {
      String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Promises the URL of its first database, as its superuser. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port);
  }

  /** Promises the same without the user. */
  public String urlWithoutUser() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
  }

  @Override
  public void close() throws IOException {
    thaw();
    tether.close();
  }

  private static String bin(String program) {
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin").resolve(program))
          .filter(Files::isExecutable)
          .max(Path::compareTo)
          .orElseThrow(() -> new IllegalStateException("no " + program + " below " + VERSIONS))
          .toString();
    } catch (IOException failure) {
      throw new UncheckedIOException("these tests need PostgreSQL's own programs", failure);
    }
  }
}

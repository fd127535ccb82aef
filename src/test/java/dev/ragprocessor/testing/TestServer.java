package dev.ragprocessor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, for tests that stop, freeze or reconfigure one: on loopback,
 * below the temporary directory, without fsync, and gone with its data when it is closed. Roles
 * whose name begins with {@code rotating} need their password; everybody else is trusted.
 */
public final class TestServer implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Path data;
  private final int port;
  private List<ProcessHandle> frozen = List.of();

  /** Promises a running server. */
  public TestServer() throws IOException {
    data = Files.createTempDirectory("rag-test-server-");
    port = Programs.freePort();
    Programs.giveToPostgres(data);
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
    ProcessHandle postmaster = postmaster().orElseThrow();
    signal("STOP", List.of(postmaster)); // from here on it starts no more of them
    frozen = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    signal("STOP", frozen);
  }

  /** Promises that its processes run again. */
  public void thaw() {
    signal("CONT", frozen);
    frozen = List.of();
  }

  private static void signal(String signal, List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      // One that has ended meanwhile is as good as one that was reached.
      Programs.asPostgres(
          List.of("sh", "-c", "kill -%s %d || true".formatted(signal, process.pid())));
    }
  }

  private Optional<ProcessHandle> postmaster() {
    Path file = data.resolve("postmaster.pid");
    try {
      return Files.exists(file)
          ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst()))
          : Optional.empty();
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
    if (postmaster().isPresent()) {
      stopImmediately();
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
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

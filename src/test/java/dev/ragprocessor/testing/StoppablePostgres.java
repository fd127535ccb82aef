package dev.ragprocessor.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server of a test's own, which can be stopped and started again on its port. */
public final class StoppablePostgres implements AutoCloseable {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Path home =
      Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-outage-" + UUID.randomUUID());
  private final Path bin;
  private final int port;

  private StoppablePostgres(Path bin, int port) {
    this.bin = bin;
    this.port = port;
  }

  /** Promises a running server with an empty database that has the extension vector. */
  public static StoppablePostgres start() throws IOException {
    Path bin = Path.of(run(List.of("pg_config", "--bindir")).strip());
    StoppablePostgres server = new StoppablePostgres(bin, freePort());
    try {
      Files.createDirectory(server.home);
      if (ROOT) {
        run(List.of("chown", "postgres", server.home.toString()));
      }
      server.tool(
          "initdb",
          "--username=postgres",
          "--auth=trust",
          "--no-sync",
          "--pgdata=" + server.data());
      server.resume();
      server.tool(
          "createdb", "--host=127.0.0.1", "--port=" + server.port, "--username=postgres", "outage");
      server.tool(
          "psql",
          "--host=127.0.0.1",
          "--port=" + server.port,
          "--username=postgres",
          "--quiet",
          "--command=CREATE EXTENSION vector",
          "outage");
      return server;
    } catch (Throwable failure) {
      server.close();
      throw failure;
    }
  }

  /** The JDBC URL of its database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/outage?user=postgres".formatted(port);
  }

  /** Ends every connection and the server. */
  public void stop() throws IOException {
    tool("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata=" + data());
  }

  /** Starts it again, on the same port. */
  public void resume() throws IOException {
    tool(
        "pg_ctl",
        "start",
        "--wait",
        "--silent",
        "--pgdata=" + data(),
        "--log=" + home.resolve("log"),
        "--options=-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
            .formatted(port));
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(data().resolve("postmaster.pid"))) {
      tool("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata=" + data());
    }
    if (Files.exists(home)) {
      Files.walkFileTree(home, new Deletion());
    }
  }

  private Path data() {
    return home.resolve("data");
  }

  private void tool(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(bin.resolve(name).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static String run(List<String> command) throws IOException {
    Path output = Files.createTempFile("rag-processor-outage", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroy();
        throw new IOException(command + " failed: " + Files.readString(output));
      }
      return Files.readString(output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(command + " was interrupted");
    } finally {
      Files.delete(output);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}

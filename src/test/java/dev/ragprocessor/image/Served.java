package dev.ragprocessor.image;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The program as it is packaged, at work on ports of its own; its words are this program's. */
final class Served implements AutoCloseable {
  private static final int END_SECONDS = 600;

  private final Process process;
  private final URI service;
  private final URI admin;

  private Served(Process process, URI service, URI admin) {
    this.process = process;
    this.service = service;
    this.admin = admin;
  }

  /**
   * Promises a process that has been started, and need not be ready.
   *
   * @param command the program without a command of its own: {@code java -jar …}
   */
  static Served start(List<String> command, Traffic traffic, String database) throws IOException {
    int port = freePort();
    int adminPort = freePort();
    Process process =
        process(command, "serve", traffic.environment(database, port, adminPort)).start();
    return new Served(process, loopback(port), loopback(adminPort));
  }

  /** Makes the tables and the index, as the migration's Job does. */
  static void migrate(List<String> command, Traffic traffic, String database)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("migrate", "--index"));
    Process process =
        process(all, "--set=log.level=error", traffic.environment(database, 8080, 8081)).start();
    if (process.waitFor() != 0) {
      throw new IOException("the migration ended with status " + process.exitValue());
    }
  }

  private static ProcessBuilder process(
      List<String> command, String last, Map<String, String> environment) {
    List<String> all = new ArrayList<>(command);
    all.add(last);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("RAG_"));
    builder.environment().putAll(environment);
    return builder;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static URI loopback(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where events are delivered. */
  URI service() {
    return service;
  }

  /** Where health and metrics are. */
  URI admin() {
    return admin;
  }

  /** Promises the memory that it has now, in MiB, as Linux tells it. */
  long residentMebibytes() throws IOException {
    return Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$")
            .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")))
            .results()
            .mapToLong(found -> Long.parseLong(found.group(1)))
            .sum()
        / 1024;
  }

  /** Promises the processors' time that it has taken so far, whatever it had to wait for. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Promises that it has ended in order after SIGTERM. */
  void end() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("it has not ended %d s after SIGTERM".formatted(END_SECONDS));
    }
    if (process.exitValue() != 128 + 15) {
      throw new IOException("it ended with status " + process.exitValue());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}

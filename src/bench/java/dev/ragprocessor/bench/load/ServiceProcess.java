package dev.ragprocessor.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service in a process of its own, so that what it costs can be told from the rest. */
final class ServiceProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("Serving on (http://\\S+)");

  /** The default limits, and one index: builds of segments and TRUNCATE wait for each other. */
  static final Map<String, String> LIMITED = Map.of("index.kind", "whole");

  /** Four connections, nothing is refused, and one index, which {@link Target} drops and makes. */
  static final Map<String, String> PATIENT =
      Map.of(
          "database.pool-size", "4",
          "database.max-waiters", "1000",
          "database.permit-wait", "30 s",
          "ingest.answer-budget", "8 s",
          "ingest.max-in-flight", "1000",
          "ingest.lease", "5 min",
          "index.kind", "whole");

  private final Process process;
  private final URI address;

  private ServiceProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Promises a service that takes events, with the stub for a model.
   *
   * @param directory whose folder {@code load} is the bucket
   * @param limits in place of the defaults, by their keys
   */
  static ServiceProcess start(
      String jdbcUrl, String name, Path directory, Duration latency, Map<String, String> limits)
      throws IOException {
    Map<String, String> values = new LinkedHashMap<>(limits);
    values.put("database.url", jdbcUrl);
    values.put("database.application-name", name);
    values.put("server.port", "0");
    values.put("server.admin-port", "0");
    values.put("bucket.directory", directory.toString());
    values.put("bucket.watch", "false");
    values.put("embedder.kind", "stub");
    values.put("embedder.stub.latency", latency.toMillis() + " ms");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g", // the bucket remembers every object that was delivered
                "-XX:+UseSerialGC", // as the image does
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                "dev.ragprocessor.Main",
                "serve",
                "--set",
                "log.format=text"));
    values.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader said = process.inputReader();
    StringBuilder start = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        Thread.startVirtualThread(() -> discard(said));
        return new ServiceProcess(process, URI.create(address.group(1)));
      }
      start.append(line).append('\n');
    }
    throw new IOException("the service did not start:\n" + start);
  }

  private static void discard(BufferedReader said) {
    try {
      said.lines().forEach(line -> {});
    } catch (UncheckedIOException ended) {
      assert ended.getCause() != null : "the process has ended, and its output with it";
    }
  }

  URI address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

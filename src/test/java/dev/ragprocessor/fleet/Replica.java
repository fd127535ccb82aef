package dev.ragprocessor.fleet;

import dev.ragprocessor.OwnProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code serve} process on free ports. */
final class Replica implements AutoCloseable {
  private static final Pattern SERVING =
      Pattern.compile("Serving on (\\S+) \\(health and metrics on (\\S+)\\)");

  /** Several share two cores, and none lives long enough for the optimising compiler. */
  private static final Map<String, String> JAVA =
      Map.of("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");

  private final OwnProcess process;
  private final URI address;
  private final URI admin;
  private final HttpClient client = HttpClient.newHttpClient();

  private Replica(OwnProcess process, URI address, URI admin) {
    this.process = process;
    this.address = address;
    this.admin = admin;
  }

  /** Promises a process that serves. */
  static Replica start(Map<String, String> settings) throws IOException {
    return start("512m", settings);
  }

  /** The same with a limit for its heap, as {@code -Xmx} has it. */
  static Replica start(String heap, Map<String, String> settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("serve"));
    settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    // Several processes that start at once on two cores are slow to do so.
    arguments.addAll(List.of("--set", "database.connect-timeout=20 s"));
    arguments.addAll(List.of("--set", "server.port=0", "--set", "server.admin-port=0"));
    OwnProcess process = OwnProcess.startWithin(heap, JAVA, arguments.toArray(String[]::new));
    try {
      Matcher serving = process.await(SERVING);
      process.readOn();
      return new Replica(process, URI.create(serving.group(1)), URI.create(serving.group(2)));
    } catch (Throwable failure) {
      process.close();
      throw failure;
    }
  }

  /** Promises its number. */
  long pid() {
    return process.pid();
  }

  /** Where events are delivered. */
  URI address() {
    return address;
  }

  /** Promises whether it says that it is ready; one that cannot be asked is not. */
  boolean ready() {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException gone) {
      return false;
    }
  }

  /** Promises how many connections it has parted from so far; 0 when it cannot be asked. */
  double evicted() {
    try {
      return Pattern.compile("(?m)^db_connections_evicted_total (\\S+)$")
          .matcher(get("/metrics").body())
          .results()
          .mapToDouble(found -> Double.parseDouble(found.group(1)))
          .sum();
    } catch (IOException gone) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(admin.resolve(path)).timeout(Duration.ofSeconds(5)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Promises its status after SIGTERM, within so many seconds. */
  int terminate(int seconds) throws InterruptedException {
    return process.terminate(seconds);
  }

  /** Promises that it ended without a word, as if the machine had failed. */
  void kill() {
    process.kill();
  }

  /** Promises everything that it has said. */
  String said() {
    return process.said();
  }

  @Override
  public void close() {
    process.close();
    client.close();
  }
}

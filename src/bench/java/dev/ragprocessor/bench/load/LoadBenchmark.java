package dev.ragprocessor.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.PrivateCluster;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts the same kind of events through the service and straight into its database, in rounds that
 * visit all before any comes again, so that what else the machine does hits all alike. {@code mvn
 * -Pload}; {@code -Dload=quick} for a look. The server is a private one that is gone afterwards.
 * Prints a table and writes {@code target/load.json}.
 */
public final class LoadBenchmark {
  private static final String SERVICE = "load-service";
  private static final Path JSON = Path.of("target", "load.json");

  private LoadBenchmark() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    Plan plan = System.getProperty("load", "full").equals("quick") ? Plan.quick() : Plan.full();
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-load-" + UUID.randomUUID());
    Consumer<String> progress = System.err::println;
    try (PrivateCluster cluster =
        PrivateCluster.start(
            ClusterSettings.scratch(home.resolve("cluster"), Install.ALLOWED), progress)) {
      DatabaseUrl url = cluster.createDatabase("load");
      String password = URLEncoder.encode(url.password().value(), StandardCharsets.UTF_8);
      List<Cell> cells =
          run(
              plan,
              "%s?user=%s&password=%s".formatted(url.jdbcUrl(), url.user(), password),
              home.resolve("buckets"));
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(JSON.toFile(), cells);
      System.out.println("The same as JSON: " + JSON);
    } finally {
      deleteAll(home);
    }
  }

  private static List<Cell> run(Plan plan, String jdbcUrl, Path buckets) throws Exception {
    Files.createDirectories(buckets.resolve("load"));
    List<Cell> cells = new ArrayList<>();
    System.out.println(Cell.heading());
    for (Duration latency : plan.latencies()) {
      try (ServiceProcess service = ServiceProcess.start(jdbcUrl, SERVICE, buckets, latency);
          Target target = new Target(jdbcUrl)) {
        Load load = new Load(service.address(), new Documents(buckets.resolve("load")));
        Rounds rounds = new Rounds(plan, jdbcUrl, SERVICE, service, target, load);
        rounds.warmUp();
        for (Plan.Load size : plan.loads(latency)) {
          for (Cell cell : rounds.measure(latency, size)) {
            System.out.println(cell.line());
            cells.add(cell);
          }
        }
      }
    }
    return cells;
  }

  private static void deleteAll(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

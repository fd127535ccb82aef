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
import org.jspecify.annotations.Nullable;

/**
 * Puts the same kind of events through the service and straight into its database, in rounds that
 * visit all before any comes again, so that what else the machine does hits all alike. {@code mvn
 * -Pload}; {@code -Dload=quick} for a look. The server is a private one that is gone afterwards.
 * Then it asks what more load does to one with its default limits, what a chunk of a long document
 * costs, and what an event in flight holds; {@code -Dload=limits} asks that only. Prints tables and
 * writes {@code target/load.json} and {@code target/overload.svg}.
 */
public final class LoadBenchmark {
  private static final String SERVICE = "load-service";
  private static final Path JSON = Path.of("target", "load.json");
  private static final Path PLOT = Path.of("target", "overload.svg");

  /** Of {@code ingest.answer-budget}. */
  private static final Duration DEFAULT_BUDGET = Duration.ofMillis(750);

  private LoadBenchmark() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    String extent = System.getProperty("load", "full");
    Plan plan = extent.equals("quick") ? Plan.quick() : Plan.full();
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-load-" + UUID.randomUUID());
    Consumer<String> progress = System.err::println;
    try (PrivateCluster cluster =
        PrivateCluster.start(
            ClusterSettings.scratch(home.resolve("cluster"), Install.ALLOWED), progress)) {
      DatabaseUrl url = cluster.createDatabase("load");
      String password = URLEncoder.encode(url.password().value(), StandardCharsets.UTF_8);
      String jdbcUrl = "%s?user=%s&password=%s".formatted(url.jdbcUrl(), url.user(), password);
      List<Cell> cells =
          extent.equals("limits") ? List.of() : run(plan, jdbcUrl, buckets(home, "rounds"));
      Limits limits = extent.equals("quick") ? Limits.NONE : limits(jdbcUrl, home);
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(JSON.toFile(), new Figures(cells, limits));
      System.out.println("The same as JSON: " + JSON);
    } finally {
      deleteAll(home);
    }
  }

  private static List<Cell> run(Plan plan, String jdbcUrl, Path buckets) throws Exception {
    List<Cell> cells = new ArrayList<>();
    System.out.println(Cell.heading());
    for (Duration latency : plan.latencies()) {
      try (ServiceProcess service =
              ServiceProcess.start(jdbcUrl, SERVICE, buckets, latency, ServiceProcess.PATIENT);
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

  /** Promises a directory of its own, so that no service has another's objects to keep in mind. */
  private static Path buckets(Path home, String use) throws IOException {
    Path buckets = home.resolve(use);
    Files.createDirectories(buckets.resolve("load"));
    return buckets;
  }

  private static Limits limits(String jdbcUrl, Path home) throws Exception {
    Overload.Curves found;
    Path overload = buckets(home, "overload");
    try (ServiceProcess service =
            ServiceProcess.start(
                jdbcUrl, SERVICE, overload, Duration.ZERO, ServiceProcess.LIMITED);
        Target target = new Target(jdbcUrl)) {
      Documents documents = new Documents(overload.resolve("load"));
      found = Overload.measure(new Load(service.address(), documents), target);
    }
    Files.writeString(PLOT, OverloadPlot.of(found, DEFAULT_BUDGET));
    System.out.println("Senders that wait as they are asked to:");
    found.patient().forEach(System.out::println);
    System.out.println("Senders that do not:");
    found.impatient().forEach(System.out::println);
    System.out.println("The same as a plot: " + PLOT);
    LinearCost.Result cost;
    Path rest = buckets(home, "limits");
    Documents documents = new Documents(rest.resolve("load"));
    try (ServiceProcess service =
            ServiceProcess.start(jdbcUrl, SERVICE, rest, Duration.ZERO, ServiceProcess.PATIENT);
        Target target = new Target(jdbcUrl)) {
      Load load = new Load(service.address(), documents);
      cost = new LinearCost(service, SERVICE, target, load).measure();
    }
    System.out.printf(
        "A chunk of 200 by one of 20: %.3f of the CPU, from %.3f to %.3f%n",
        cost.mean(), cost.from(), cost.to());
    List<EventMemory.Result> memory = new ArrayList<>();
    try (Target target = new Target(jdbcUrl)) {
      target.prepare(Target.Index.NONE); // the service would begin with an index over all of it
      try (ServiceProcess service =
          ServiceProcess.start(
              jdbcUrl, SERVICE, rest, EventMemory.LATENCY, ServiceProcess.PATIENT)) {
        target.prepare(Target.Index.NONE); // what is stored already waits for no model
        for (int chunks : List.of(1, 20)) {
          memory.add(EventMemory.measure(service, new Load(service.address(), documents), chunks));
        }
      }
    }
    memory.forEach(System.out::println);
    return new Limits(found, cost, memory);
  }

  private record Figures(List<Cell> cells, Limits limits) {}

  private record Limits(
      Overload.@Nullable Curves overload,
      LinearCost.@Nullable Result linearCost,
      List<EventMemory.Result> eventMemory) {
    private static final Limits NONE = new Limits(null, null, List.of());
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

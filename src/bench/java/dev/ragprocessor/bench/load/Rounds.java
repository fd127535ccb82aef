package dev.ragprocessor.bench.load;

import dev.ragprocessor.bench.load.Load.Answers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Measures one load after the other, each in rounds over all ways. */
final class Rounds {
  private static final String SERVICE = "service";
  private static final int CONNECTIONS = 4;
  private static final String DIRECT = "load-direct";

  private final Plan plan;
  private final String jdbcUrl;
  private final String application;
  private final ServiceProcess service;
  private final Target target;
  private final Load load;

  Rounds(
      Plan plan,
      String jdbcUrl,
      String application,
      ServiceProcess service,
      Target target,
      Load load) {
    this.plan = plan;
    this.jdbcUrl = jdbcUrl;
    this.application = application;
    this.service = service;
    this.target = target;
    this.load = load;
  }

  /** Lets the compiler see every size, without an index: it is the program that is to get warm. */
  void warmUp() throws Exception {
    for (int chunks : plan.chunks()) {
      target.prepare(Target.Index.NONE);
      load.run(CONNECTIONS, chunks, plan.warmUp());
      for (Direct way : Direct.values()) {
        way.run(jdbcUrl, DIRECT, 1, chunks, Duration.ofSeconds(1));
      }
    }
  }

  /** Promises a cell for each way. */
  List<Cell> measure(Duration latency, Plan.Load size) throws Exception {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    for (int round = 0; round < plan.rounds(); round++) {
      for (Direct way : Direct.values()) {
        target.prepare(size.index());
        samples.computeIfAbsent(way.name(), _ -> new ArrayList<>()).add(direct(way, size));
      }
      target.prepare(size.index());
      samples.computeIfAbsent(SERVICE, _ -> new ArrayList<>()).add(service(size));
    }
    List<Sample> transactions = Objects.requireNonNull(samples.get(Direct.TRANSACTION.name()));
    List<Cell> cells = new ArrayList<>();
    samples.forEach((way, of) -> cells.add(cell(latency, size, way, of, transactions)));
    return cells;
  }

  private Sample direct(Direct way, Plan.Load size) throws Exception {
    Direct.Written written = way.run(jdbcUrl, DIRECT, CONNECTIONS, size.chunks(), plan.time());
    double seconds = written.took().toNanos() / 1e9;
    return new Sample(
        written.events() / seconds,
        written.chunks() / seconds,
        Double.NaN,
        Double.NaN,
        Map.of(),
        CONNECTIONS,
        Double.NaN,
        Double.NaN,
        Double.NaN);
  }

  private Sample service(Plan.Load size) throws Exception {
    Map<Long, Double> before = target.backends(application);
    double used = Usage.cpuMillis(service.pid());
    Answers answers = load.run(size.connections(), size.chunks(), plan.time());
    used = Usage.cpuMillis(service.pid()) - used;
    Map<Long, Double> after = target.backends(application);
    double database = 0;
    for (Map.Entry<Long, Double> backend : after.entrySet()) {
      database += backend.getValue() - before.getOrDefault(backend.getKey(), 0.0);
    }
    double seconds = answers.took().toNanos() / 1e9;
    int done = answers.done();
    return new Sample(
        done / seconds,
        target.chunks() / seconds,
        answers.p50Millis(),
        answers.p99Millis(),
        answers.statuses(),
        after.size(),
        done == 0 ? Double.NaN : used / done,
        done == 0 ? Double.NaN : database / done,
        Usage.residentMebibytes(service.pid()));
  }

  private static Cell cell(
      Duration latency,
      Plan.Load size,
      String way,
      List<Sample> samples,
      List<Sample> transactions) {
    double[] ratios = new double[samples.size()];
    Map<Integer, Integer> answers = new TreeMap<>();
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = samples.get(round).events / transactions.get(round).events;
      samples
          .get(round)
          .answers
          .forEach((status, count) -> answers.merge(status, count, Integer::sum));
    }
    boolean bulk = way.equals(Direct.COPY.name());
    return new Cell(
        way,
        latency.toMillis(),
        size.index().name(),
        size.chunks(),
        way.equals(SERVICE) ? size.connections() : CONNECTIONS,
        bulk ? Double.NaN : median(samples, sample -> sample.events),
        median(samples, sample -> sample.chunks),
        bulk ? Double.NaN : median(ratios),
        median(samples, sample -> sample.p50),
        median(samples, sample -> sample.p99),
        answers,
        samples.stream().mapToInt(sample -> sample.backends).max().orElseThrow(),
        median(samples, sample -> sample.serviceCpu),
        median(samples, sample -> sample.databaseCpu),
        median(samples, sample -> sample.resident));
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return median(samples.stream().mapToDouble(figure).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private record Sample(
      double events,
      double chunks,
      double p50,
      double p99,
      Map<Integer, Integer> answers,
      int backends,
      double serviceCpu,
      double databaseCpu,
      double resident) {}
}

package dev.ragprocessor.bench;

import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.PrivateCluster;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs all benchmarks in one go and prints what is published: each ratio beside its target. {@code
 * mvn -Pbench}, with {@code -Dbench.seconds=1} for a look. The server is a private one that is gone
 * afterwards, or the one that {@code RAG_TEST_DATABASE_URL} names, as {@code
 * jdbc:postgresql://…?user=…&password=…}.
 */
public final class ScopeBenchmarks {
  private ScopeBenchmarks() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws RunnerException, IOException {
    int seconds = Integer.getInteger("bench.seconds", 5);
    String given = System.getenv().getOrDefault("RAG_TEST_DATABASE_URL", "");
    if (!given.isEmpty()) {
      run(given, seconds);
      return;
    }
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-bench-" + UUID.randomUUID());
    Consumer<String> progress = System.err::println;
    ClusterSettings settings = ClusterSettings.scratch(home, Install.ALLOWED);
    try (PrivateCluster cluster = PrivateCluster.start(settings, progress)) {
      DatabaseUrl url = cluster.createDatabase("bench");
      String password = URLEncoder.encode(url.password().value(), StandardCharsets.UTF_8);
      run("%s?user=%s&password=%s".formatted(url.jdbcUrl(), url.user(), password), seconds);
    }
  }

  private static void run(String jdbcUrl, int seconds) throws RunnerException, IOException {
    Path url = Files.createTempFile("rag-processor-bench-", ".url");
    try {
      Files.writeString(url, jdbcUrl);
      measure(url, seconds);
    } finally {
      Files.delete(url);
    }
  }

  private static void measure(Path url, int seconds) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include(UncontendedBenchmark.class.getSimpleName())
            .include(ContendedBenchmark.class.getSimpleName())
            .jvmArgsAppend("-D%s=%s".formatted(Lending.URL_FILE, url))
            .forks(seconds > 1 ? 3 : 1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(seconds))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(seconds))
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    Figures hikari = Figures.of("hikari", results);
    Figures scope = Figures.of("scope", results);
    System.out.printf("%n%-48s %12s %12s %8s  %s%n", "", "hikari", "scope", "ratio", "target");
    line("take and give back, uncontended, ns", hikari.nanos, scope.nanos, "at most 1.25");
    line("2,000 threads over 8, connections a second", hikari.rate, scope.rate, "at least 0.80");
    line("the same, wait at the 99th percentile, ms", hikari.p99, scope.p99, "at most 0.50");
    System.out.printf(
        "%-48s %12.0f %12.0f %8s  %s%n",
        "the same, timeouts", hikari.timeouts, scope.timeouts, "", "none");
  }

  private static void line(String what, double hikari, double scope, String target) {
    System.out.printf(
        "%-48s %12.1f %12.1f %8.2f  %s%n", what, hikari, scope, scope / hikari, target);
  }

  private record Figures(double nanos, double rate, double p99, double timeouts) {
    static Figures of(String way, Collection<RunResult> results) {
      RunResult uncontended = find(way, "takeAndGiveBack", results);
      RunResult contended = find(way, "storm", results);
      double millis = contended.getPrimaryResult().getScore();
      int connections = ContendedBenchmark.THREADS * ContendedBenchmark.ROUNDS;
      // Counters of single shots are summed over the iterations.
      long storms = contended.getPrimaryResult().getSampleCount();
      return new Figures(
          uncontended.getPrimaryResult().getScore(),
          connections / millis * TimeUnit.SECONDS.toMillis(1),
          secondary(contended, "p99Micros") / storms / 1_000,
          secondary(contended, "timeouts"));
    }

    private static double secondary(RunResult result, String name) {
      return Objects.requireNonNull(result.getSecondaryResults().get(name), name).getScore();
    }

    private static RunResult find(String way, String benchmark, Collection<RunResult> results) {
      return results.stream()
          .filter(result -> result.getParams().getBenchmark().endsWith(benchmark))
          .filter(result -> result.getParams().getParam("way").equals(way))
          .findFirst()
          .orElseThrow();
    }
  }
}

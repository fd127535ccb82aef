package dev.ragprocessor.bench.index;

import dev.ragprocessor.bench.index.Corpus.Answers;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.Migrations;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.PrivateCluster;
import dev.ragprocessor.ingest.Sealer;
import dev.ragprocessor.ingest.SegmentSettings;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.IndexPrecision;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.SegmentIndexes.State;
import dev.ragprocessor.store.SegmentPlan;
import dev.ragprocessor.store.SegmentStatements;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.Spaces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/**
 * The service's own tables, writing, sealing and searching, beside COPY into a table with one HNSW
 * index: {@code mvn -Pbench -Dbench=index.SegmentsBenchmark -Dbench.vectors=50000}. "Built" counts
 * from the first row until all is committed and every sealed segment has its index, "merged" until
 * no merge is due either; "at rest", after the merges that wait until nothing is stored. Further
 * properties:
 *
 * <ul>
 *   <li>{@code bench.text}, a directory whose files' text is embedded by the local model, in place
 *       of clustered vectors of 768 dimensions that are made up
 *   <li>{@code bench.copy=false} to leave COPY out, which takes the longest
 *   <li>{@code bench.precision}, {@code vector} or {@code halfvec}
 * </ul>
 *
 * <p>Run without Maven it takes {@code bench.segment-rows} and {@code bench.build-memory}, in MiB,
 * as well.
 */
public final class SegmentsBenchmark {
  private SegmentsBenchmark() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.getInteger("bench.vectors", 20_000);
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-bench-" + UUID.randomUUID());
    Consumer<String> progress = System.err::println;
    try (PrivateCluster cluster =
        PrivateCluster.start(ClusterSettings.scratch(home, Install.ALLOWED), progress)) {
      DatabaseUrl url = cluster.createDatabase("bench");
      DatabaseEndpoint endpoint = url.endpoint(url::password);
      DatabaseSettings settings = DatabaseSettings.of(endpoint);
      Migrations.run(settings, "classpath:db/migration");
      Corpus corpus = corpus(count);
      try (Database database = Database.open(settings, new SimpleMeterRegistry())) {
        System.out.printf("%,d vectors of %d dimensions%n", count, corpus.dimensions());
        double copied = Double.NaN;
        if (!"false".equals(System.getProperty("bench.copy"))) {
          copied = corpus.copyIntoIndexed(database);
          System.out.printf("COPY into an indexed table: %,.0f/s%n", copied);
        }
        ActiveSpace space =
            database.inTransaction(
                db ->
                    Spaces.activate(db, new Space("bench", corpus.dimensions(), "retrieval"), ""));
        segments(database, settings, space, corpus, copied);
        whole(database, settings, space, corpus);
      }
    }
  }

  private static Corpus corpus(int count) throws IOException {
    String directory = System.getProperty("bench.text", "");
    return directory.isEmpty()
        ? Corpus.of(count)
        : Corpus.ofText(
            Path.of(directory), count, Path.of("target", "text-vectors-%d.bin".formatted(count)));
  }

  private static void segments(
      Database database, DatabaseSettings settings, ActiveSpace space, Corpus corpus, double copied)
      throws Exception {
    long memory = Integer.getInteger("bench.build-memory", 256) * (1L << 20);
    SegmentSettings segments =
        new SegmentSettings(
            Integer.getInteger("bench.segment-rows", 500),
            memory,
            IndexPrecision.valueOf(
                System.getProperty("bench.precision", "vector").toUpperCase(Locale.ROOT)));
    Migrations.build(
        settings,
        SegmentIndexes.WORK,
        segments.sessionParameters(),
        () -> database.execute(db -> SegmentStatements.atStart(db, space, segments.precision())));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    long begun = System.nanoTime();
    try (Sealer _ = new Sealer(database, settings, space, segments, meters)) {
      Corpus.Writing writing = corpus.write(database, space);
      double stored = corpus.size() / seconds(begun);
      SegmentPlan plan =
          SegmentPlan.of(segments.rows(), memory, corpus.dimensions(), segments.precision());
      await(() -> !isUnbuilt(database, space, plan));
      double built = corpus.size() / seconds(begun);
      await(() -> !isDue(database, space, plan));
      double merged = corpus.size() / seconds(begun);
      System.out.printf(
          "segments: stored %,.0f/s, all built %,.0f/s (x %.1f of COPY), all merged %,.0f/s (x %.1f);"
              + " while storing, a question p95 %.1f ms, %d of %d just committed chunks found%n",
          stored,
          built,
          built / copied,
          merged,
          merged / copied,
          writing.p95Millis(),
          writing.found(),
          writing.asked());
      System.out.printf(
          "builds: %d first in %.1f s, %d merges in %.1f s%n",
          meters.get("rag.segments.build").tag("kind", "first").timer().count(),
          meters.get("rag.segments.build").tag("kind", "first").timer().totalTime(TimeUnit.SECONDS),
          meters.get("rag.segments.build").tag("kind", "merge").timer().count(),
          meters
              .get("rag.segments.build")
              .tag("kind", "merge")
              .timer()
              .totalTime(TimeUnit.SECONDS));
      ask(database, space, corpus, "segments");
      await(() -> isAtRest(database, space, plan));
      ask(database, space, corpus, "at rest");
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(30))
        .pollInterval(Duration.ofMillis(50))
        .until(condition);
  }

  private static boolean isAtRest(Database database, ActiveSpace space, SegmentPlan plan) {
    return database.<Boolean, RuntimeException>execute(
        db -> {
          State state = SegmentIndexes.look(db, space, 0);
          return state.useless().isEmpty() && plan.atRest(state).isEmpty();
        });
  }

  /** Whether a full segment is open, or a sealed one has no index. */
  private static boolean isUnbuilt(Database database, ActiveSpace space, SegmentPlan plan) {
    return database.<Boolean, RuntimeException>execute(
        db -> {
          State state = SegmentIndexes.look(db, space, 1_000_000);
          return state.openRows() >= plan.full(state)
              || state.gaps().stream()
                  .anyMatch(gap -> !SegmentIndexes.rows(db, space, gap).isEmpty());
        });
  }

  private static boolean isDue(Database database, ActiveSpace space, SegmentPlan plan) {
    return database.<Boolean, RuntimeException>execute(
        db -> {
          State state = SegmentIndexes.look(db, space, 1_000_000);
          return state.openRows() >= plan.full(state)
              || plan.next(state, false, gap -> SegmentIndexes.rows(db, space, gap)).isPresent();
        });
  }

  /** The same questions to the same rows with one index over all. */
  private static void whole(
      Database database, DatabaseSettings settings, ActiveSpace space, Corpus corpus) {
    long begun = System.nanoTime();
    Migrations.build(
        settings,
        SegmentIndexes.WORK,
        () -> {
          List<String> all = new ArrayList<>();
          all.add("SET maintenance_work_mem = '1GB'");
          all.addAll(database.execute(db -> Spaces.indexStatements(db, space)));
          return all;
        });
    System.out.printf("the whole index, built at once: %,.0f/s%n", corpus.size() / seconds(begun));
    ask(database, space, corpus, "whole");
  }

  private static void ask(Database database, ActiveSpace space, Corpus corpus, String index) {
    System.out.println(
        database.<State, RuntimeException>execute(db -> SegmentIndexes.look(db, space, 1_000_000)));
    corpus.ask(database, space, Corpus.Narrowing.EVERYBODY); // nobody is asked cold
    for (Corpus.Narrowing narrowing : Corpus.Narrowing.values()) {
      Answers answers = corpus.ask(database, space, narrowing);
      System.out.printf(
          "%-8s  %-22s recall@10 %.3f  p50 %6.2f ms  p95 %6.2f ms%n",
          index, narrowing, answers.recall(), answers.p50Millis(), answers.p95Millis());
    }
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }
}

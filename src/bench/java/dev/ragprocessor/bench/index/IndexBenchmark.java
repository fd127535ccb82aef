package dev.ragprocessor.bench.index;

import dev.ragprocessor.db.DatabaseUrl;
import dev.ragprocessor.db.cluster.ClusterSettings;
import dev.ragprocessor.db.cluster.Install;
import dev.ragprocessor.db.cluster.PrivateCluster;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes the same vectors under each kind of index and asks the same questions: {@code mvn -Pbench
 * -Dbench=index.IndexBenchmark}, with {@code -Dbench.vectors=…} for another size. The server is a
 * private one that is gone afterwards. What is committed is found at once by all of them; they
 * differ in what that costs.
 */
public final class IndexBenchmark {
  private static final int QUESTIONS = 100;
  private static final int SEGMENTS = 4;

  private IndexBenchmark() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.getInteger("bench.vectors", 20_000);
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"), "rag-processor-bench-" + UUID.randomUUID());
    Consumer<String> progress = System.err::println;
    try (PrivateCluster cluster =
        PrivateCluster.start(ClusterSettings.scratch(home, Install.ALLOWED), progress)) {
      DatabaseUrl url = cluster.createDatabase("bench");
      String password = URLEncoder.encode(url.password().value(), StandardCharsets.UTF_8);
      Vectors vectors = new Vectors();
      List<float[]> stored = Stream.generate(vectors::next).limit(count).toList();
      List<String> questions = Stream.generate(vectors::nextText).limit(QUESTIONS).toList();
      // The last segment stays open, half full.
      int segmentSize = Math.max(100, count / (2 * SEGMENTS + 1) * 2 / 100 * 100);
      Trial trial =
          new Trial(
              "%s?user=%s&password=%s&reWriteBatchedInserts=true&datatype.vector=com.pgvector.PGvector"
                  .formatted(url.jdbcUrl(), url.user(), password),
              stored,
              questions,
              segmentSize);
      System.out.printf("%,d vectors, segments of %,d%n", count, segmentSize);
      System.out.printf(
          "%-10s %12s %10s %10s %10s%n", "index", "written/s", "recall@10", "p50 ms", "p95 ms");
      Trial.Result truth = trial.run(Candidate.EXACT);
      for (Candidate candidate : Candidate.values()) {
        Trial.Result result = candidate == Candidate.EXACT ? truth : trial.run(candidate);
        System.out.printf(
            "%-10s %12.0f %10.3f %10.2f %10.2f%n",
            candidate,
            result.written(),
            result.recall(truth),
            result.p50Millis(),
            result.p95Millis());
      }
    }
  }
}

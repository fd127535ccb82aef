package dev.ragprocessor.bench;

import dev.ragprocessor.db.VectorBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of the parts that an event passes through, with what each allocates. {@code
 * mvn -Pbench -Dbench=PathBenchmarks}, with {@code -Dbench.seconds=1} for a look.
 */
public final class PathBenchmarks {
  private PathBenchmarks() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws RunnerException {
    int seconds = Integer.getInteger("bench.seconds", 5);
    new Runner(
            new OptionsBuilder()
                .include(EventBenchmark.class.getSimpleName())
                .include(ChunkBenchmark.class.getSimpleName())
                .include(VectorBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .forks(seconds > 1 ? 2 : 1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(seconds))
                .shouldFailOnError(true)
                .build())
        .run();
  }
}

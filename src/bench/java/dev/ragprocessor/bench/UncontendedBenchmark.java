package dev.ragprocessor.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One thread, a free pool: the price of taking a connection and giving it back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UncontendedBenchmark {
  /** Which way. */
  @Param({"hikari", "scope"})
  public String way = "";

  private @Nullable Lending lending;

  /** Opens the pool. */
  @Setup
  public void open() throws IOException {
    lending = Lending.of(way);
  }

  /** Closes the pool. */
  @TearDown
  public void close() {
    Objects.requireNonNull(lending).close();
  }

  /** Measures one connection, there and back. */
  @Benchmark
  public int takeAndGiveBack() throws SQLException {
    return Objects.requireNonNull(lending).takeAndGiveBack();
  }
}

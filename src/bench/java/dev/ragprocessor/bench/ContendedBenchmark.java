package dev.ragprocessor.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 2,000 virtual threads over eight connections, five statements of 2 ms each, one at a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ContendedBenchmark {
  /** All at once. */
  static final int THREADS = 2_000;

  /** Connections that each of them takes, one after the other. */
  static final int ROUNDS = 5;

  private static final String SECONDS = "0.002";

  /** Which way. */
  @Param({"hikari", "scope"})
  public String way = "";

  private @Nullable Lending lending;

  /** What one storm showed beside its time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Waits {
    /** The wait that one in a hundred exceeded, in microseconds. */
    public long p99Micros;

    /** Connections that did not come. */
    public long timeouts;
  }

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

  /** Measures how long it takes until everybody was served. */
  @Benchmark
  public void storm(Waits waits) {
    Lending connections = Objects.requireNonNull(lending);
    long[] waited = new long[THREADS * ROUNDS];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < THREADS; thread++) {
        threads.execute(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                try {
                  waited[next.getAndIncrement()] = connections.sleep(SECONDS);
                } catch (SQLException | RuntimeException failure) {
                  failed.incrementAndGet();
                }
              }
            });
      }
    }
    Arrays.sort(waited);
    waits.p99Micros = TimeUnit.NANOSECONDS.toMicros(waited[waited.length * 99 / 100]);
    waits.timeouts = failed.get();
  }
}

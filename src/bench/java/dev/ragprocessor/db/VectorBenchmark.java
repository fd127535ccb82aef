package dev.ragprocessor.db;

import com.pgvector.PGvector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The vectors of a document of 20 chunks, on their way to the server. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VectorBenchmark {
  private static final int CHUNKS = 20;
  private static final int DIMENSIONS = 768;

  private final List<float[]> vectors = new ArrayList<>();

  /** Makes them. */
  @Setup
  public void make() {
    SplittableRandom random = new SplittableRandom(1);
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      float[] vector = new float[DIMENSIONS];
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = random.nextFloat() - 0.5f;
      }
      vectors.add(vector);
    }
  }

  /** As one array in binary. */
  @Benchmark
  public byte[] array() {
    VectorArray array = new VectorArray(vectors, 1);
    byte[] bytes = new byte[array.lengthInBytes()];
    array.toBytes(bytes, 0);
    return bytes;
  }

  /** As columns of a binary COPY. */
  @Benchmark
  public void copy() throws IOException {
    BinaryCopy copy = new BinaryCopy(OutputStream.nullOutputStream());
    for (float[] vector : vectors) {
      copy.row((Object) vector);
    }
    copy.end();
  }

  /** As texts, the way of most clients. */
  @Benchmark
  public int text() {
    int length = 0;
    for (float[] vector : vectors) {
      length += new PGvector(vector).getValue().length();
    }
    return length;
  }
}

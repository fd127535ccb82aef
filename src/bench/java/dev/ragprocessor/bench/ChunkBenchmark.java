package dev.ragprocessor.bench;

import dev.ragprocessor.extract.Chunk;
import dev.ragprocessor.extract.Chunker;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.ChunkingSettings;
import dev.ragprocessor.extract.Extracted;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.extract.ModelTokens;
import dev.ragprocessor.extract.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** Cutting 16,000 characters of text, with sentences and without any mark to cut at. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChunkBenchmark {
  private static final int CHARACTERS = 16_000;

  /** Which text. */
  @Param({"sentences", "words"})
  public String text = "";

  private @Nullable Chunker chunker;
  private List<Passage> passages = List.of();

  /** Reads the text as the service does. */
  @Setup
  public void read() throws IOException, ExtractionException {
    StringBuilder content = new StringBuilder(CHARACTERS);
    for (int word = 0; content.length() < CHARACTERS; word++) {
      boolean ends = text.equals("sentences") && word % 12 == 11;
      content.append("harvest").append(word).append(ends ? ". The " : " ");
    }
    Path file = Files.createTempFile("rag-processor-bench-", ".txt");
    try (Extractor extractor = new Extractor(ExtractionSettings.DEFAULT)) {
      Files.writeString(file, content);
      if (extractor.extract(file, "a.txt", "text/plain") instanceof Extracted.Text read) {
        passages = read.passages();
        chunker =
            new Chunking(ChunkingSettings.DEFAULT, new ModelTokens(String::length, 2_048))
                .of(read.kind());
      }
    } finally {
      Files.delete(file);
    }
  }

  /** Measures passages to chunks. */
  @Benchmark
  public List<Chunk> cut() {
    return Objects.requireNonNull(chunker).chunk(passages);
  }
}

package dev.ragprocessor.bench.index;

import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.LocalEmbedder;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.extract.Chunk;
import dev.ragprocessor.extract.Chunking;
import dev.ragprocessor.extract.ChunkingSettings;
import dev.ragprocessor.extract.Extracted;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.ExtractionSettings;
import dev.ragprocessor.extract.Extractor;
import dev.ragprocessor.extract.ModelTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Vectors of real text: the files below a directory, read and cut as the service does it, and
 * embedded by the local model. That takes minutes for ten thousands, so they are kept in a file for
 * the next run.
 */
final class TextVectors {
  private static final int TOGETHER = 512;

  private TextVectors() {}

  /**
   * Promises so many vectors, of different texts, in the order of the files' names.
   *
   * @param kept where they are kept, whatever directory they are of; made anew where there are not
   *     as many
   */
  static List<float[]> of(Path directory, int count, Path kept) throws IOException {
    if (Files.exists(kept)) {
      List<float[]> vectors = read(kept);
      if (vectors.size() >= count) {
        return vectors.subList(0, count);
      }
    }
    Collection<String> texts = texts(directory, count);
    List<float[]> vectors = embed(List.copyOf(texts));
    Path parent = kept.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    write(vectors, kept);
    return vectors;
  }

  private static Collection<String> texts(Path directory, int count) throws IOException {
    Extractor extractor = new Extractor(ExtractionSettings.DEFAULT);
    Chunking chunking =
        new Chunking(ChunkingSettings.DEFAULT, new ModelTokens(String::length, 8_192));
    Collection<String> texts = new LinkedHashSet<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        try {
          if (extractor.extract(file, file.getFileName().toString(), "")
              instanceof Extracted.Text text) {
            for (Chunk chunk : chunking.of(text.kind()).chunk(text.passages())) {
              texts.add(chunk.text());
              if (texts.size() == count) {
                return texts;
              }
            }
          }
        } catch (ExtractionException e) {
          System.err.printf("%s is left out: %s%n", file, e.getMessage());
        }
      }
    }
    throw new IllegalArgumentException(
        "%s has only %,d chunks of text, and %,d are wanted"
            .formatted(directory, texts.size(), count));
  }

  private static List<float[]> embed(List<String> texts) {
    List<float[]> vectors = new ArrayList<>(texts.size());
    int threads = Runtime.getRuntime().availableProcessors();
    try (TextEmbedder model =
        new LocalEmbedder(new EmbedderSettings.Local(threads), new SimpleMeterRegistry())) {
      for (int from = 0; from < texts.size(); from += TOGETHER) {
        vectors.addAll(
            model.embedChunks("", texts.subList(from, Math.min(texts.size(), from + TOGETHER))));
        System.err.printf("%,d of %,d embedded%n", vectors.size(), texts.size());
      }
    }
    return vectors;
  }

  private static void write(List<float[]> vectors, Path kept) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(kept)))) {
      out.writeInt(vectors.size());
      out.writeInt(vectors.getFirst().length);
      for (float[] vector : vectors) {
        for (float number : vector) {
          out.writeFloat(number);
        }
      }
    }
  }

  private static List<float[]> read(Path kept) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(kept)))) {
      int count = in.readInt();
      int dimensions = in.readInt();
      List<float[]> vectors = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        float[] vector = new float[dimensions];
        for (int j = 0; j < dimensions; j++) {
          vector[j] = in.readFloat();
        }
        vectors.add(vector);
      }
      return vectors;
    }
  }
}

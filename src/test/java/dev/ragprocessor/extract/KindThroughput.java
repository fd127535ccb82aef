package dev.ragprocessor.extract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.BodyContentHandler;
import org.xml.sax.SAXException;

/**
 * Prints how fast files of each kind are detected, read and cut into chunks, beside Tika alone on
 * the same files in the same run: {@code mvn -Pthroughput}. Both take turns, and the best round of
 * each counts, so that what else the machine does disturbs both alike.
 */
final class KindThroughput {
  private static final int FILES = Integer.getInteger("throughput.files", 6);
  private static final int ROUNDS = Integer.getInteger("throughput.rounds", 5);
  private static final int PARAGRAPHS = 1_500;

  private final Path directory;
  private final AutoDetectParser tika = new AutoDetectParser();
  private final Extractor extractor = new Extractor(ExtractionSettings.DEFAULT);
  private final Chunking chunking =
      new Chunking(ChunkingSettings.DEFAULT, new ModelTokens(String::length, 2_048));

  private KindThroughput(Path directory) {
    this.directory = directory;
  }

  /** Measures every kind, or those that are named by their extensions. */
  public static void main(String... extensions) throws Exception {
    List<String> wanted = extensions.length == 0 ? MixedDocuments.EXTENSIONS : List.of(extensions);
    System.out.printf("%-6s %6s %12s %12s %6s%n", "kind", "MB", "Tika MB/s", "ours MB/s", "ratio");
    for (String extension : wanted) {
      Path directory = Files.createTempDirectory("throughput-");
      new KindThroughput(directory).measure(extension);
      Files.delete(directory);
    }
  }

  private void measure(String extension) throws Exception {
    List<Path> files = new ArrayList<>();
    MixedDocuments documents = new MixedDocuments(7);
    long bytes = 0;
    for (int i = 0; i < FILES; i++) {
      Path file = directory.resolve("file-%d.%s".formatted(i, extension));
      Files.write(file, documents.write(extension, PARAGRAPHS));
      bytes += Files.size(file);
      files.add(file);
    }
    List<Duration> theirs = new ArrayList<>();
    List<Duration> ours = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      theirs.add(timed(files, this::parse));
      ours.add(timed(files, this::read));
    }
    double tikaRate = rate(bytes, Collections.min(theirs));
    double rate = rate(bytes, Collections.min(ours));
    System.out.printf(
        "%-6s %6.1f %12.1f %12.1f %6.2f%n",
        extension, bytes / 1e6, tikaRate, rate, rate / tikaRate);
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private void parse(Path file) throws IOException, SAXException, TikaException {
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, file.getFileName().toString());
    try (TikaInputStream stream = TikaInputStream.get(file, metadata)) {
      tika.parse(stream, new BodyContentHandler(-1), metadata, new ParseContext());
    }
  }

  private void read(Path file) throws ExtractionException {
    switch (extractor.extract(file, file.getFileName().toString(), "")) {
      case Extracted.Text text -> chunking.of(text.kind()).chunk(text.passages());
      case Extracted.Media media -> throw new IllegalStateException("no document: " + media);
    }
  }

  private static Duration timed(List<Path> files, Task task) throws Exception {
    long start = System.nanoTime();
    for (Path file : files) {
      task.run(file);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static double rate(long bytes, Duration time) {
    return bytes / 1e6 / (time.toNanos() / 1e9);
  }

  private interface Task {
    void run(Path file) throws Exception;
  }
}

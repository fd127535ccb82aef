package dev.ragprocessor.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.BodyContentHandler;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.xml.sax.SAXException;

/**
 * Prints how fast files of each kind are detected, read and cut into chunks, beside Tika alone on
 * the same files in the same run: {@code mvn -Pthroughput}. After a warm-up of both, both take
 * turns, now the one first and now the other, and the median of the rounds' ratios counts: what
 * else the machine does disturbs the two of a round alike. A round is as many readings of the files
 * as take some time, so that neither a file's constant cost nor the clock's decides.
 *
 * <p>Of mail, Markdown and JSON Tika alone hands over the bytes as they are, decoded. Where we read
 * their structure, the library that does so is measured alone as well: the last column is the ratio
 * that we would have if we did nothing beside.
 */
final class KindThroughput {
  private static final int FILES = Integer.getInteger("throughput.files", 4);
  private static final int ROUNDS = Integer.getInteger("throughput.rounds", 9);
  private static final int PARAGRAPHS = Integer.getInteger("throughput.paragraphs", 1_500);
  private static final Duration WARM_UP =
      Duration.ofMillis(Integer.getInteger("throughput.warm-up-milliseconds", 3_000));
  private static final Duration ROUND = Duration.ofMillis(150);

  private static final Parser MARKDOWN =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();
  private static final JsonFactory JSON = new JsonFactory();

  /** The libraries of the kinds whose structure Tika alone does not read. */
  private static final Map<String, Task> LIBRARIES =
      Map.of(
          "md", file -> MARKDOWN.parse(Files.readString(file)),
          "json", KindThroughput::tokens,
          "eml", KindThroughput::bodies);

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
    System.out.printf(
        "%-6s %6s %12s %12s %6s %13s %14s%n",
        "kind", "MB", "Tika MB/s", "ours MB/s", "ratio", "of rounds", "library alone");
    List<Measured> all = new ArrayList<>();
    for (String extension : wanted) {
      Path directory = Files.createTempDirectory("throughput-");
      all.add(new KindThroughput(directory).measure(extension));
      Files.delete(directory);
    }
    double theirs = all.stream().mapToDouble(kind -> 1 / kind.theirs()).sum();
    double ours = all.stream().mapToDouble(kind -> 1 / kind.ours()).sum();
    System.out.printf(
        "%-6s %6s %12.1f %12.1f %6.2f  as much of each kind%n",
        "all", "", all.size() / theirs, all.size() / ours, theirs / ours);
  }

  /** Medians, in MB/s. */
  private record Measured(double theirs, double ours) {}

  private Measured measure(String extension) throws Exception {
    List<Path> files = new ArrayList<>();
    MixedDocuments documents = new MixedDocuments(7);
    long bytes = 0;
    for (int i = 0; i < FILES; i++) {
      Path file = directory.resolve("file-%d.%s".formatted(i, extension));
      Files.write(file, documents.write(extension, PARAGRAPHS));
      bytes += Files.size(file);
      files.add(file);
    }
    int theirTimes = timesARound(files, this::parse);
    int ourTimes = timesARound(files, this::read);
    Optional<Task> library = Optional.ofNullable(LIBRARIES.get(extension));
    int libraryTimes = library.isPresent() ? timesARound(files, library.get()) : 0;
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> bounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      boolean oursFirst = round % 2 == 1;
      Duration before = oursFirst ? timed(files, ourTimes, this::read) : Duration.ZERO;
      Duration their = timed(files, theirTimes, this::parse);
      Duration our = oursFirst ? before : timed(files, ourTimes, this::read);
      theirs.add(rate(bytes, theirTimes, their));
      ours.add(rate(bytes, ourTimes, our));
      ratios.add(ours.getLast() / theirs.getLast());
      if (library.isPresent()) {
        Duration alone = timed(files, libraryTimes, library.get());
        bounds.add(rate(bytes, libraryTimes, alone) / theirs.getLast());
      }
    }
    Collections.sort(ratios);
    System.out.printf(
        "%-6s %6.1f %12.1f %12.1f %6.2f  %.2f to %.2f %14s%n",
        extension,
        bytes / 1e6,
        median(theirs),
        median(ours),
        median(ratios),
        ratios.getFirst(),
        ratios.getLast(),
        bounds.isEmpty() ? "" : "%.2f".formatted(median(bounds)));
    for (Path file : files) {
      Files.delete(file);
    }
    return new Measured(median(theirs), median(ours));
  }

  /** Warms up, and promises how often all files are read in one round. */
  private static int timesARound(List<Path> files, Task task) throws Exception {
    long start = System.nanoTime();
    Duration last;
    do {
      last = timed(files, 1, task);
    } while (System.nanoTime() - start < WARM_UP.toNanos());
    return (int) Math.max(1, ROUND.toNanos() / last.toNanos());
  }

  private void parse(Path file) throws IOException, SAXException, TikaException {
    Metadata metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, file.getFileName().toString());
    try (TikaInputStream stream = TikaInputStream.get(file, metadata)) {
      tika.parse(stream, new BodyContentHandler(-1), metadata, new ParseContext());
    }
  }

  private static void tokens(Path file) throws IOException {
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      while (parser.nextToken() != null) {
        parser.getText();
      }
    }
  }

  private static void bodies(Path file) throws IOException, MimeException {
    MimeStreamParser parser = new MimeStreamParser();
    parser.setContentDecoding(true);
    parser.setContentHandler(
        new AbstractContentHandler() {
          @Override
          public void body(BodyDescriptor part, InputStream content) throws IOException {
            content.readAllBytes();
          }
        });
    try (InputStream stream = Files.newInputStream(file)) {
      parser.parse(stream);
    }
  }

  private void read(Path file) throws ExtractionException {
    switch (extractor.extract(file, file.getFileName().toString(), "")) {
      case Extracted.Text text -> chunking.of(text.kind()).chunk(text.passages());
      case Extracted.Media media -> throw new IllegalStateException("no document: " + media);
    }
  }

  private static Duration timed(List<Path> files, int times, Task task) throws Exception {
    long start = System.nanoTime();
    for (int time = 0; time < times; time++) {
      for (Path file : files) {
        task.run(file);
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static double rate(long bytes, int times, Duration time) {
    return times * bytes / 1e6 / (time.toNanos() / 1e9);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private interface Task {
    void run(Path file) throws Exception;
  }
}

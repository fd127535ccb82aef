package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.OwnProcess;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents of every kind, taken in by a process with a heap of 256 MB. */
class SmallHeapIT {
  private static final int MEGABYTES = Integer.getInteger("mixed.megabytes", 5);

  /** Of one file; about a quarter of a megabyte, packed or not. */
  private static final int PARAGRAPHS = 700;

  @TempDir Path directory;

  @Test
  void documents_of_every_kind_are_taken_in_with_a_heap_of_256_mb()
      throws IOException, SQLException {
    Path bucket = Files.createDirectories(directory.resolve("buckets/mixed"));
    int files = fill(bucket);

    try (OwnProcess process =
        OwnProcess.startWithin(
            "256m",
            Map.of("DATABASE_URL", TestDatabases.create()),
            "ingest",
            bucket.toString(),
            "--set",
            "bucket.directory=" + directory.resolve("buckets"),
            "--set",
            "database.connect-timeout=20 s",
            "--set",
            "embedder.kind=stub",
            "--set",
            "embedder.stub.dimensions=16")) {
      Matcher end =
          process.await(Pattern.compile("objects: ([0-9,]+) up to date, ([0-9,]+) failed"));
      assertThat(end.group(2)).as(process.said()).isEqualTo("0");
      assertThat(Integer.parseInt(end.group(1).replace(",", ""))).isEqualTo(files);
    }
  }

  private static int fill(Path bucket) throws IOException {
    MixedDocuments documents = new MixedDocuments(1);
    long bytes = 0;
    int files = 0;
    while (bytes < MEGABYTES * 1_000_000L || files < MixedDocuments.EXTENSIONS.size()) {
      String extension = MixedDocuments.EXTENSIONS.get(files % MixedDocuments.EXTENSIONS.size());
      byte[] content = documents.write(extension, PARAGRAPHS);
      Files.write(bucket.resolve("file-%d.%s".formatted(files, extension)), content);
      bytes += content.length;
      files++;
    }
    return files;
  }
}

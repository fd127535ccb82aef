package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;

/** Extracts bytes as if they had been fetched under a name. */
abstract class ExtractorFixture {
  /** One for all tests, as in the program: it is slow to warm up. */
  static final Extractor EXTRACTOR = new Extractor(ExtractionSettings.DEFAULT);

  @TempDir Path directory;

  Extracted.Text extract(byte[] content, String name) throws IOException, ExtractionException {
    return switch (EXTRACTOR.extract(file(content), name, "")) {
      case Extracted.Text text -> text;
      case Extracted.Media media -> fail("no text: %s", media);
    };
  }

  Extracted.Text extract(String content, String name) throws IOException, ExtractionException {
    return extract(content.getBytes(StandardCharsets.UTF_8), name);
  }

  List<String> texts(byte[] content, String name) throws IOException, ExtractionException {
    return extract(content, name).passages().stream().map(Passage::text).toList();
  }

  List<String> texts(String content, String name) throws IOException, ExtractionException {
    return texts(content.getBytes(StandardCharsets.UTF_8), name);
  }

  ExtractionException failure(Extractor extractor, byte[] content, String name) throws IOException {
    Path file = file(content);
    return Objects.requireNonNull(
        catchThrowableOfType(ExtractionException.class, () -> extractor.extract(file, name, "")),
        "no failure");
  }

  ExtractionException failure(byte[] content, String name) throws IOException {
    return failure(EXTRACTOR, content, name);
  }

  Path file(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content);
  }
}

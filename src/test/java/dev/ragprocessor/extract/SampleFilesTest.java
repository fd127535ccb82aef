package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed sample bucket is what its generator writes, and every file of it can be read. */
class SampleFilesTest {
  private static final Path BUCKET = Path.of("src", "samples", "library");

  @Test
  void the_bucket_holds_the_generated_texts() throws Exception {
    Extractor extractor = new Extractor(ExtractionSettings.DEFAULT);
    for (Map.Entry<String, byte[]> sample : SampleFiles.samples().entrySet()) {
      Path fresh = Files.createTempFile("sample", ".bin");
      try {
        Files.write(fresh, sample.getValue());
        Extracted committed =
            extractor.extract(BUCKET.resolve(sample.getKey()), sample.getKey(), "");
        assertThat(committed).isEqualTo(extractor.extract(fresh, sample.getKey(), ""));
        assertThat(committed).isInstanceOf(Extracted.Text.class);
      } finally {
        Files.delete(fresh);
      }
    }
  }

  @Test
  void the_bucket_holds_nothing_else_and_is_small() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(BUCKET)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    assertThat(files)
        .extracting(file -> BUCKET.relativize(file).toString())
        .containsExactlyInAnyOrderElementsOf(SampleFiles.samples().keySet());
    assertThat(files).allSatisfy(file -> assertThat(Files.size(file)).isLessThan(60 << 10));
  }
}

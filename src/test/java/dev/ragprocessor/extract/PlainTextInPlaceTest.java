package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small plain texts are read without a file and a thread of their own, and all others are not. */
class PlainTextInPlaceTest extends ExtractorFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "One paragraph.",
        "Two paragraphs,\nthe first of two lines.\n\n\nAnd one.",
        "Grüße, 日本語 and more.\r\n\r\nThe end.\n",
      })
  void a_plain_text_reads_as_it_does_from_a_file(String text) throws Exception {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);

    assertThat(EXTRACTOR.isPlain(content, "notes/a.txt")).isTrue();
    assertThat(EXTRACTOR.extractPlain(content)).isEqualTo(extract(content, "notes/a.txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.md", "a.csv", "a.html", "a.json", "a.pdf", "a.java", "a"})
  void what_another_name_says_is_read_from_a_file(String name) {
    assertThat(EXTRACTOR.isPlain("Perhaps text".getBytes(StandardCharsets.UTF_8), name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%PDF-1.7", "<html>", "From: a@b.c", "\u0000\u0001", "{\"a\": 1}"})
  void what_begins_otherwise_is_read_from_a_file(String content) {
    assertThat(EXTRACTOR.isPlain(content.getBytes(StandardCharsets.UTF_8), "a.txt")).isFalse();
  }

  @Test
  void the_limits_hold() throws IOException {
    ExtractionSettings defaults = ExtractionSettings.DEFAULT;
    try (Extractor strict =
        new Extractor(
            new ExtractionSettings(
                1_000,
                defaults.maxPages(),
                defaults.maxDepth(),
                defaults.maxExpansion(),
                Duration.ofSeconds(10)))) {
      assertThatExceptionOfType(ExtractionException.class)
          .isThrownBy(
              () -> strict.extractPlain("word ".repeat(300).getBytes(StandardCharsets.UTF_8)))
          .returns(Reason.TOO_MUCH_TEXT, ExtractionException::reason);
    }
  }

  @Test
  void nothing_is_read_here_where_files_are_read_in_other_processes() {
    try (Extractor apart =
        new Extractor(ExtractionSettings.DEFAULT, new Isolation.ChildProcess(64L << 20))) {
      assertThat(apart.isPlain("Text.".getBytes(StandardCharsets.UTF_8), "a.txt")).isFalse();
    }
  }
}

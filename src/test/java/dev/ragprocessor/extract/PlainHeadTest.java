package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins like text is told by its name; whatever may be something else is looked at. */
class PlainHeadTest extends ExtractorFixture {
  @ParameterizedTest
  @ValueSource(strings = {"Flour and water.", "a,b\n1,2\n", "2 spoons\tof sält\r\nand: more"})
  void prose_and_tables_are_plain(String text) {
    assertThat(PlainHead.of(text.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%PDF-1.7",
        "{\\rtf1",
        "<html>",
        "#!/bin/sh",
        "From: marta@example.org\n",
        "BEGIN:VCARD\n",
        "text with <b>marks</b>",
        "junk before\n%PDF-1.4\n",
        "PK\u0003\u0004"
      })
  void what_may_be_something_else_is_looked_at(String text) {
    assertThat(PlainHead.of(text.getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  @Test
  void bytes_that_are_no_utf_8_are_looked_at() {
    assertThat(PlainHead.of("Stra\u00DFe".getBytes(StandardCharsets.ISO_8859_1))).isFalse();
    assertThat(PlainHead.of("words".getBytes(StandardCharsets.UTF_16LE))).isFalse();
  }

  @Test
  void a_character_may_be_cut_at_the_heads_end() {
    byte[] text = ("a" + "\u00DF".repeat(8 * 1024)).getBytes(StandardCharsets.UTF_8);

    assertThat(PlainHead.of(Arrays.copyOf(text, 8 * 1024))).isTrue();
  }

  /** The short way and Tika's agree on every sample that the short way takes. */
  @Test
  void tika_says_the_same() throws Exception {
    for (String text : List.of("Flour and water.", "a,b\n1,2\n", "One\n===\n\nTwo\n")) {
      for (String suffix : List.of("txt", "md", "csv")) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] doubtful = (" " + text).getBytes(StandardCharsets.UTF_8);
        assertThat(PlainHead.of(bytes)).isTrue();
        assertThat(PlainHead.of(doubtful)).isFalse();
        assertThat(extract(bytes, "a." + suffix).mediaType())
            .isEqualTo(extract(doubtful, "a." + suffix).mediaType());
      }
    }
  }
}

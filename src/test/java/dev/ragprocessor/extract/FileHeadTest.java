package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins like text is told by its name; whatever may be something else is looked at. */
class FileHeadTest extends ExtractorFixture {
  @ParameterizedTest
  @ValueSource(strings = {"Flour and water.", "a,b\n1,2\n", "2 spoons\tof sält\r\nand: more"})
  void prose_and_tables_are_plain(String text) {
    assertThat(head(text).isPlain()).isTrue();
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
    assertThat(head(text).isPlain()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "MARKDOWN, '# Bread with <b>salt</b>'",
    "DELIMITED, '\"a: b\",c'",
    "JSON, '{\"a\": 1}'",
    "MAIL, 'Received: from here'",
    "CODE, '// List<String> names;'",
    "HTML, '<!DOCTYPE HTML><p>bread'",
  })
  void of_written_texts_the_name_tells_which(FileKind named, String text) {
    assertThat(head(text).isText(named)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%PDF-1.7",
        "%!PS-Adobe-3.0",
        "{\\rtf1",
        "<?xml version='1.0'?><svg/>",
        "-----BEGIN CERTIFICATE-----",
        "junk before\n%PDF-1.4\n",
        "PK\u0003\u0004"
      })
  void what_is_no_written_text_is_looked_at_whatever_its_name(String text) {
    for (FileKind named : FileKind.values()) {
      assertThat(head(text).isText(named)).as(named.title()).isFalse();
    }
  }

  @Test
  void bytes_that_are_no_utf_8_are_looked_at() {
    assertThat(FileHead.of("Stra\u00DFe".getBytes(StandardCharsets.ISO_8859_1)).isPlain())
        .isFalse();
    assertThat(FileHead.of("words".getBytes(StandardCharsets.UTF_16LE)).isPlain()).isFalse();
  }

  @Test
  void a_character_may_be_cut_at_the_heads_end() {
    byte[] text = ("a" + "\u00DF".repeat(8 * 1024)).getBytes(StandardCharsets.UTF_8);

    assertThat(FileHead.of(Arrays.copyOf(text, 8 * 1024)).isPlain()).isTrue();
  }

  /** The short way and Tika's agree on every sample that the short way takes. */
  @Test
  void tika_says_the_same() throws Exception {
    Map<String, List<String>> samples =
        Map.of(
            "txt", List.of("Flour and water.", "a,b\n1,2\n", "One\n===\n\nTwo\n"),
            "md", List.of("# One\n", "From: here\n\n<b>two</b>\n"),
            "csv", List.of("a,b\n1,2\n", "\"a: <b>\",c\n"),
            "json", List.of("{\"a\": \"<html>\"}", "[1, 2]"),
            "eml", List.of("From: a@example.org\nSubject: bread\n\nHello\n"),
            "java", List.of("package a;\n", "// <html>\nclass A {}\n", "/* From: me */\n"),
            "html", List.of("<!doctype html><title>a</title><p>b", "<html xmlns='a'><p>b</html>"));
    for (Map.Entry<String, List<String>> sample : samples.entrySet()) {
      for (String text : sample.getValue()) {
        String name = "a." + sample.getKey();
        assertThat(extract(text, name).mediaType())
            .as(text)
            .isEqualTo(extract(" " + text, name).mediaType());
      }
    }
  }

  @Test
  void an_archive_tells_its_type_by_its_first_entry() throws Exception {
    byte[] book = Documents.epub("Bread", "<p>Flour and water.</p>");
    byte[] sheet = Documents.ods(Map.of("Flour", List.of(List.of("a", "b"), List.of("1", "2"))));

    assertThat(FileHead.of(book).ownType()).contains("application/epub+zip");
    assertThat(extract(book, "wrong.docx").kind()).isEqualTo(FileKind.EPUB);
    assertThat(extract(sheet, "wrong.txt").kind()).isEqualTo(FileKind.OPEN_DOCUMENT_SHEETS);
    assertThat(FileHead.of(Arrays.copyOf(book, 20)).ownType()).isEmpty();
    assertThat(head("mimetype").ownType()).isEmpty();
  }

  private static FileHead head(String text) {
    return FileHead.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

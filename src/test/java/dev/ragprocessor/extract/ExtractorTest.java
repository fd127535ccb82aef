package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ragprocessor.extract.ExtractionException.Reason;
import dev.ragprocessor.extract.Passage.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractorTest {
  private static final Extractor EXTRACTOR = new Extractor(ExtractionSettings.DEFAULT);

  @TempDir Path directory;

  @Test
  void a_pdf_keeps_its_pages_and_its_title() throws Exception {
    byte[] pdf =
        Documents.pdf(
            "Oven book", List.of(List.of("The first page."), List.of("The second page.")));

    Extracted.Text text = extract(pdf, "oven.pdf");

    assertThat(text.mediaType()).isEqualTo("application/pdf");
    assertThat(text.title()).isEqualTo("Oven book");
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "The first page.", new Place(1, "", List.of())),
            new Passage(Kind.PARAGRAPH, "The second page.", new Place(2, "", List.of())));
  }

  @Test
  void a_word_document_keeps_its_headings_and_tables() throws Exception {
    byte[] docx =
        Documents.docx(
            "Recipes",
            List.of(
                new Documents.Heading(1, "Bread"),
                new Documents.Heading(2, "Rye"),
                new Documents.Paragraph("Rye needs acid."),
                new Documents.Table(List.of(List.of("Flour", "g"), List.of("a|b", "500")))));

    Extracted.Text text = extract(docx, "recipes.docx");

    Place rye = new Place(0, "", List.of("Bread", "Rye"));
    assertThat(text.title()).isEqualTo("Recipes");
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Bread", rye),
            new Passage(Kind.PARAGRAPH, "Rye", rye),
            new Passage(Kind.PARAGRAPH, "Rye needs acid.", rye),
            new Passage(Kind.TABLE, "| Flour | g |\n| --- | --- |\n| a\\|b | 500 |", rye));
  }

  @Test
  void an_encrypted_pdf_says_so() throws Exception {
    ExtractionException failure = failure(Documents.encryptedPdf("pass"), "secret.pdf");

    assertThat(failure.reason()).isEqualTo(Reason.ENCRYPTED);
    assertThat(failure).hasMessageContaining("protected by a password");
  }

  @Test
  void an_empty_file_says_so() throws Exception {
    assertThat(failure(new byte[0], "empty.txt").reason()).isEqualTo(Reason.EMPTY);
  }

  @Test
  void utf_16_without_a_mark_is_read() throws Exception {
    Extracted.Text text =
        extract("Hefe möchte Wärme.".getBytes(StandardCharsets.UTF_16LE), "hefe.txt");

    assertThat(text.passages()).extracting(Passage::text).containsExactly("Hefe möchte Wärme.");
  }

  private Extracted.Text extract(byte[] content, String name)
      throws IOException, ExtractionException {
    return (Extracted.Text) EXTRACTOR.extract(file(content), name, "");
  }

  private ExtractionException failure(byte[] content, String name) throws IOException {
    Path file = file(content);
    return catchThrowableOfType(ExtractionException.class, () -> EXTRACTOR.extract(file, name, ""));
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content);
  }
}

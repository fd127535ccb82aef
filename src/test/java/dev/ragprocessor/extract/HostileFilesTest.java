package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broken or hostile file costs one clear failure, and leaves nothing behind. */
class HostileFilesTest extends ExtractorFixture {
  private static final ExtractionSettings LIMITS = ExtractionSettings.DEFAULT;
  private static final Extractor SMALL = new Extractor(limits(100_000, 3, LIMITS.timeLimit()));

  private Set<Path> before = Set.of();

  @BeforeEach
  void remember_the_temporary_files() throws IOException {
    before = temporaryFiles();
  }

  @AfterEach
  void no_temporary_file_is_left() {
    // Another program's files come and go; a forgotten one would stay.
    Awaitility.await().untilAsserted(() -> assertThat(before).containsAll(temporaryFiles()));
  }

  @Test
  void an_encrypted_pdf_says_so() throws Exception {
    says(failure(Documents.encryptedPdf("secret"), "a.pdf"), Reason.ENCRYPTED, "password");
  }

  @Test
  void an_encrypted_office_document_says_so() throws Exception {
    byte[] docx = Documents.docx("", List.of(new Documents.Paragraph("secret")));

    byte[] encrypted = Documents.encryptedOffice(docx, "secret");

    says(failure(encrypted, "a.docx"), Reason.ENCRYPTED, "protected by a password");
    says(failure(encrypted, "a.bin"), Reason.ENCRYPTED, "protected by a password");
  }

  @Test
  void an_encrypted_open_document_says_so() throws Exception {
    byte[] odt =
        Documents.zip(
            List.of(
                Map.entry("mimetype", "application/vnd.oasis.opendocument.text"),
                Map.entry(
                    "META-INF/manifest.xml",
                    """
                    <?xml version="1.0"?><manifest:manifest \
                    xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">\
                    <manifest:file-entry manifest:full-path="content.xml" \
                    manifest:media-type="text/xml" manifest:size="9"><manifest:encryption-data \
                    manifest:checksum="x"/></manifest:file-entry></manifest:manifest>\
                    """),
                Map.entry("content.xml", "\u0001\u0002 cipher text")));

    says(failure(odt, "a.odt"), Reason.ENCRYPTED, "password");
  }

  @Test
  void documents_under_rights_management_say_so() throws Exception {
    byte[] office = Documents.rightsManagedOffice();
    says(failure(office, "a.docx"), Reason.ENCRYPTED, "rights management");
    says(failure(office, "a.bin"), Reason.ENCRYPTED, "rights management");
    for (String handler : List.of("Adobe.APS", "EBX_HANDLER", "FOPN_fLock")) {
      byte[] pdf = Documents.encryptedPdf("secret");
      String text = new String(pdf, StandardCharsets.ISO_8859_1);
      byte[] managed =
          text.replaceFirst("/Filter\\s*/Standard", "/Filter /" + handler)
              .getBytes(StandardCharsets.ISO_8859_1);
      assertThat(managed).as("the handler is another").isNotEqualTo(pdf);
      says(failure(managed, "a.pdf"), Reason.ENCRYPTED, "rights management");
    }
    says(failure(Documents.rightsManagedEpub(), "a.epub"), Reason.ENCRYPTED, "rights management");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.5, 0.9})
  void a_truncated_office_document_is_corrupt(double part) throws Exception {
    byte[] docx = Documents.docx("", List.of(new Documents.Paragraph("whole")));

    says(failure(cut(docx, part), "a.docx"), Reason.CORRUPT, "damaged or incomplete");
    says(failure(cut(Documents.odt(List.of()), part), "a.odt"), Reason.CORRUPT, "damaged");
  }

  @Test
  void a_truncated_pdf_is_corrupt() throws Exception {
    byte[] pdf = Documents.pdf("t", List.of(List.of("one"), List.of("two")));

    says(failure(cut(pdf, 0.2), "a.pdf"), Reason.CORRUPT, "damaged or incomplete");
    says(failure("%PDF-1.7\n".getBytes(StandardCharsets.UTF_8), "a.pdf"), Reason.CORRUPT, "PDF");
  }

  @Test
  void a_scanned_pdf_has_no_text_layer() throws Exception {
    says(failure(Documents.pdf("", List.of(List.of())), "scan.pdf"), Reason.EMPTY, "text layer");
  }

  @Test
  void a_document_of_nothing_has_no_text() throws Exception {
    says(failure(Documents.docx("title", List.of()), "a.docx"), Reason.EMPTY, "no text");
  }

  @Test
  void two_hundred_thousand_paragraphs_in_a_small_file_end_at_the_limit() throws Exception {
    byte[] bomb =
        withPart(
            Documents.docx("", List.of(new Documents.Paragraph("x"))),
            "word/document.xml",
            "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
                + "<w:body>"
                + "<w:p><w:r><w:t>bomb</w:t></w:r></w:p>".repeat(200_000)
                + "</w:body></w:document>");
    assertThat(bomb.length).isLessThan(200_000);

    says(failure(SMALL, bomb, "bomb.docx"), Reason.TOO_MUCH_TEXT, "limit of 100,000 characters");
  }

  @Test
  void an_archive_that_would_unpack_to_far_more_is_refused_unread() throws Exception {
    byte[] docx = Documents.docx("", List.of(new Documents.Paragraph("x")));
    byte[] bomb = withPart(docx, "word/styles.xml", " ".repeat(9 << 20));

    says(failure(bomb, "bomb.docx"), Reason.CORRUPT, "word/styles.xml");
    says(
        failure(SMALL, withPart(docx, "word/document.xml", " ".repeat(4 << 20)), "bomb.docx"),
        Reason.TOO_MUCH_TEXT,
        "limit");
  }

  @Test
  void an_archive_that_lies_about_its_sizes_is_measured() throws Exception {
    byte[] odt = Documents.odt(List.of(new Documents.Paragraph("x")));
    byte[] bomb = withPart(odt, "content.xml", "<!--" + " ".repeat(20 << 20) + "-->");
    assertThat(bomb.length).isLessThan(100_000);
    says(failure(bomb, "bomb.odt"), Reason.EXPANDS_TOO_MUCH, "200 times");

    says(failure(sayingItIsSmall(bomb), "bomb.odt"), Reason.EXPANDS_TOO_MUCH, "200 times");
  }

  @Test
  void a_book_that_lies_about_its_sizes_is_measured() throws Exception {
    byte[] epub = Documents.epub("Bread", "<p>x</p>");
    String comment = "<!--" + " ".repeat(20 << 20) + "-->";
    for (String part : List.of("c.xhtml", "book.opf")) {
      byte[] bomb = sayingItIsSmall(withPart(epub, part, comment));

      assertThat(failure(bomb, "bomb.epub").reason()).as(part).isEqualTo(Reason.EXPANDS_TOO_MUCH);
    }
  }

  @Test
  void an_office_archive_that_lies_about_its_sizes_is_not_read_to_its_end() throws Exception {
    byte[] docx = Documents.docx("", List.of(new Documents.Paragraph("x")));
    byte[] bomb =
        sayingItIsSmall(withPart(docx, "word/document.xml", "<!--" + " ".repeat(64 << 20) + "-->"));

    assertThat(failure(bomb, "bomb.docx").reason()).isIn(Reason.CORRUPT, Reason.EXPANDS_TOO_MUCH);
  }

  @Test
  void the_limit_holds_in_every_kind() throws Exception {
    String words = "words and words ".repeat(1000);
    Extractor tiny = new Extractor(limits(10_000, 3, LIMITS.timeLimit()));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("a.txt", utf8(words));
    files.put("a.md", utf8("# T\n\n" + words));
    files.put("a.csv", utf8("a,b\n" + "1,2\n".repeat(3000)));
    files.put("a.html", utf8("<html><body><p>" + words + "</p></body></html>"));
    files.put("a.xml", utf8("<r><a>" + words + "</a></r>"));
    files.put("a.json", utf8("{\"a\":\"" + words + "\"}"));
    files.put("a.rtf", utf8("{\\rtf1\\ansi\\pard " + words + "\\par}"));
    files.put("a.docx", Documents.docx("", List.of(new Documents.Paragraph(words))));
    files.put("a.odt", Documents.odt(List.of(new Documents.Paragraph(words))));
    files.put("a.epub", Documents.epub("b", "<p>" + words + "</p>"));
    files.put("a.xlsx", Documents.xlsx(Map.of("s", manyRows())));
    files.put("a.pdf", Documents.pdf("", List.of(manyLines())));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      says(
          failure(tiny, file.getValue(), file.getKey()),
          Reason.TOO_MUCH_TEXT,
          "limit of 10,000 characters");
    }
  }

  @Test
  void paragraphs_of_one_letter_count_as_more_than_a_letter() throws Exception {
    says(failure(SMALL, utf8("a\n\n".repeat(6000)), "a.txt"), Reason.TOO_MUCH_TEXT, "limit");
    assertThat(texts("a\n\n".repeat(6000), "a.txt")).hasSize(6000);
  }

  @Test
  void the_limit_on_pages_holds() throws Exception {
    List<List<String>> four = List.of(List.of("1"), List.of("2"), List.of("3"), List.of("4"));

    says(failure(SMALL, Documents.pdf("", four), "a.pdf"), Reason.TOO_MUCH_TEXT, "3 pages");
    assertThat(SMALL.extract(file(Documents.pdf("", four.subList(0, 3))), "a.pdf", ""))
        .isInstanceOf(Extracted.Text.class);
  }

  @Test
  void the_time_limit_holds_in_every_kind() throws Exception {
    Extractor hasty = new Extractor(limits(1000, 10, Duration.ofNanos(1)));

    for (String name : List.of("a.txt", "a.md", "a.csv", "a.html", "a.xml", "a.json")) {
      says(failure(hasty, utf8("<a>one</a>"), name), Reason.TOO_SLOW, "longer than the limit");
    }
    says(
        failure(hasty, Documents.pdf("", List.of(List.of("x"))), "a.pdf"),
        Reason.TOO_SLOW,
        "split it");
    says(
        failure(hasty, Documents.docx("", List.of(new Documents.Paragraph("x"))), "a.docx"),
        Reason.TOO_SLOW,
        "split it");
  }

  @Test
  void laughs_by_the_billion_end_early() throws Exception {
    StringBuilder entities = new StringBuilder("<!ENTITY e0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      entities.append("<!ENTITY e%d \"&e%d;&e%d;\">".formatted(i, i - 1, i - 1));
    }
    String xml = "<?xml version=\"1.0\"?><!DOCTYPE r [" + entities + "]><r>&e29;</r>";

    assertThat(failure(utf8(xml), "laughs.xml").reason())
        .isIn(Reason.CORRUPT, Reason.TOO_MUCH_TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.xml", "a.html", "a.xhtml", "a.svg.xml"})
  void external_entities_are_not_fetched(String name) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "TOP-SECRET");
    String xml =
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \""
            + secret.toUri()
            + "\">]><r><p>before &x; after</p></r>";

    assertThat(String.join(" ", texts(xml, name)))
        .contains("before", "after")
        .doesNotContain("TOP-SECRET");
  }

  @Test
  void external_entities_inside_a_word_document_are_not_fetched() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "TOP-SECRET");
    byte[] docx =
        withPart(
            Documents.docx("", List.of(new Documents.Paragraph("x"))),
            "word/document.xml",
            "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \""
                + secret.toUri()
                + "\">]><w:document"
                + " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
                + "<w:body><w:p><w:r><w:t>before &x;</w:t></w:r></w:p></w:body></w:document>");

    String outcome;
    try {
      outcome = String.join(" ", texts(docx, "a.docx"));
    } catch (ExtractionException e) {
      outcome = e.reason() + " " + e.getMessage();
    }
    assertThat(outcome).doesNotContain("TOP-SECRET").containsAnyOf("before", "CORRUPT");
  }

  @Test
  void nesting_without_end_does_no_harm() throws Exception {
    int depth = 20_000;
    assertThat(texts("<div>".repeat(depth) + "deep", "a.html")).containsExactly("deep");
    byte[] xml = utf8("<a>".repeat(depth) + "deep" + "</a>".repeat(depth));
    says(failure(xml, "a.xml"), Reason.CORRUPT, "nests");
    assertThat(texts("> ".repeat(depth) + "deep", "a.md").getFirst()).endsWith("deep");
    assertThat(texts("*a ".repeat(depth), "a.md")).hasSize(1);
    assertThat(texts("[".repeat(depth), "a.md")).hasSize(1);
    assertThat(texts("- ".repeat(depth) + "deep", "a.md").getFirst()).endsWith("deep");
  }

  @Test
  void a_sparse_sheet_does_not_grow_into_a_full_one() throws Exception {
    StringBuilder csv = new StringBuilder(",".repeat(5000)).append("last\n");
    csv.append("1,2\n".repeat(5000));

    Extracted.Text text = extract(csv.toString(), "sparse.csv");

    assertThat(text.passages().getFirst().text().length()).isLessThan(200_000);
  }

  @Test
  void broken_xml_is_corrupt() throws Exception {
    says(
        failure(utf8("<?xml version=\"1.0\"?><a><b></a>"), "a.xml"), Reason.CORRUPT, "well-formed");
  }

  private static void says(ExtractionException failure, Reason reason, String words) {
    assertThat(failure.reason()).as(failure.toString()).isEqualTo(reason);
    assertThat(failure).hasMessageContaining(words);
    assertThat(failure.getMessage()).endsWith(".");
  }

  private static ExtractionSettings limits(int characters, int pages, Duration time) {
    return new ExtractionSettings(
        characters, pages, LIMITS.maxDepth(), LIMITS.maxExpansion(), time);
  }

  private static byte[] cut(byte[] whole, double part) {
    return Arrays.copyOf(whole, (int) (whole.length * part));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<List<String>> manyRows() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(List.of("row " + i, "some words in a cell that is rather long, and more of them"));
    }
    return rows;
  }

  private static List<String> manyLines() {
    return java.util.Collections.nCopies(150, "words and words and words ".repeat(4).strip());
  }

  /** The same archive with one part replaced or added. */
  private static byte[] withPart(byte[] archive, String name, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipInputStream from = new ZipInputStream(new java.io.ByteArrayInputStream(archive));
        java.util.zip.ZipOutputStream to = new java.util.zip.ZipOutputStream(bytes)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        if (!entry.getName().equals(name)) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          from.transferTo(to);
        }
      }
      to.putNextEntry(new ZipEntry(name));
      to.write(utf8(content));
    }
    return bytes.toByteArray();
  }

  /** The same archive, but its directory says that every large part is of 1000 bytes. */
  private static byte[] sayingItIsSmall(byte[] archive) {
    ByteBuffer bytes = ByteBuffer.wrap(archive.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int lies = 0;
    for (int i = 0; i + 46 < archive.length; i++) {
      // The header of a part in the central directory; its unpacked size stands 24 bytes further.
      if (bytes.getInt(i) == 0x02014b50 && bytes.getInt(i + 24) > 1 << 20) {
        bytes.putInt(i + 24, 1000);
        lies++;
      }
    }
    assertThat(lies).isPositive();
    return bytes.array();
  }

  private static Set<Path> temporaryFiles() throws IOException {
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(
              file ->
                  file.getFileName()
                      .toString()
                      .matches("(apache-tika|PDFBox|rag-attachment|rag-office|poifiles).*"))
          .collect(Collectors.toSet());
    }
  }
}

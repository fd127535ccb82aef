package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes decide what a file is; its name and declared type are hints. */
class DetectionTest extends ExtractorFixture {
  @Test
  void a_pdf_named_as_text_is_a_pdf() throws Exception {
    byte[] pdf = Documents.pdf("", List.of(List.of("Still a PDF")));

    assertThat(extract(pdf, "notes.txt").mediaType()).isEqualTo("application/pdf");
    assertThat(extract(pdf, "without-a-suffix").mediaType()).isEqualTo("application/pdf");
  }

  @Test
  void a_word_document_named_as_pdf_is_a_word_document() throws Exception {
    byte[] docx = Documents.docx("", List.of(new Documents.Paragraph("Words")));

    assertThat(extract(docx, "wrong.pdf").mediaType()).endsWith("wordprocessingml.document");
  }

  @Test
  void a_name_tells_one_written_text_from_another() throws Exception {
    assertThat(extract("<h1>Logo</h1>\n\n# Real\n", "a.md").mediaType()).isEqualTo("text/markdown");
    assertThat(extract("From: here,to: there\n1,2\n", "a.csv").mediaType()).isEqualTo("text/csv");
    assertThat(extract("From: marta@example.org\nSubject: flour\n\nHello\n", "a.md").mediaType())
        .isEqualTo("text/markdown");
    assertThat(extract("<!DOCTYPE html><p>page</p>", "a.txt").mediaType()).isEqualTo("text/html");
  }

  @Test
  void a_text_that_begins_like_a_picture_by_chance_is_a_text() throws Exception {
    assertThat(extract("BMI = weight / height ** 2\n", "a.py").kind()).isEqualTo(FileKind.CODE);
    assertThat(extract("solid ground\n", "a.md").kind()).isEqualTo(FileKind.MARKDOWN);
  }

  @Test
  void the_declared_type_tells_where_the_name_does_not() throws Exception {
    Extracted extracted =
        EXTRACTOR.extract(file("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)), "x", "text/csv");

    assertThat(extracted.mediaType()).isEqualTo("text/csv");
  }

  @Test
  void a_declared_type_that_is_no_type_is_left_out_of_account() throws Exception {
    Extracted extracted =
        EXTRACTOR.extract(file("words".getBytes(StandardCharsets.UTF_8)), "x.txt", "\0 nonsense");

    assertThat(extracted.mediaType()).isEqualTo("text/plain");
  }

  @ParameterizedTest
  @CsvSource({
    "photo.JPG, FFD8FFE000104A464946, IMAGES",
    "photo.jpeg, FFD8FFE000104A464946, IMAGES",
    "scan.png, 89504E470D0A1A0A, IMAGES",
    "a.webp, 524946460000000057454250, IMAGES",
    "a.heic, 0000001866747970686569630000, IMAGES",
    "a.heif, 00000018667479706D6966310000, IMAGES",
    "a.mp3, 4944330400000000, AUDIO",
    "a.wav, 524946460000000057415645, AUDIO",
    "a.flac, 664C614300000022, AUDIO",
    "a.aac, FFF15080, AUDIO",
    "a.ogg, 4F67675300020000, AUDIO",
    "a.wma, 3026B2758E66CF11A6D900AA0062CE6C, AUDIO",
    "a.m4a, 00000018667479704D344120, AUDIO",
    "a.opus, 4F67675300020000, AUDIO",
    "a.aiff, 464F524D0000000041494646, AUDIO",
    "a.au, 2E736E6400000018, AUDIO",
    "a.mp4, 000000186674797069736F6D, VIDEOS",
    "a.avi, 5249464600000000415649204C495354, VIDEOS",
    "a.mov, 0000001466747970717420200000, VIDEOS",
    "a.mkv, 1A45DFA3934282886D6174726F736B61, VIDEOS",
    "a.webm, 1A45DFA39F4282847765626D, VIDEOS",
    "a.flv, 464C560105000000, VIDEOS",
    "a.m4v, 000000186674797069736F6D, VIDEOS",
    "a.wmv, 3026B2758E66CF11A6D900AA0062CE6C, VIDEOS",
    "a.mpg, 000001BA44000400, VIDEOS",
    "a.mpeg, 000001BA44000400, VIDEOS",
    "a.3gp, 0000001866747970336770340000, VIDEOS",
    "a.ogv, 4F67675300020000, VIDEOS",
  })
  void media_are_told_by_category(String name, String bytes, Category category) throws Exception {
    Extracted extracted =
        EXTRACTOR.extract(file(java.util.HexFormat.of().parseHex(bytes)), name, "");

    assertThat(extracted)
        .isInstanceOfSatisfying(
            Extracted.Media.class, media -> assertThat(media.category()).isEqualTo(category));
  }

  @Test
  void a_drawing_is_an_image() throws Exception {
    String svg = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";

    assertThat(EXTRACTOR.extract(file(svg.getBytes(StandardCharsets.UTF_8)), "a.svg", ""))
        .isEqualTo(new Extracted.Media("image/svg+xml", Category.IMAGES));
  }

  @Test
  void what_is_not_taken_is_named_with_what_is() throws Exception {
    byte[] zip = Documents.zip(List.of(Map.entry("a.bin", "nothing"), Map.entry("b.txt", "text")));

    ExtractionException failure = failure(zip, "all.zip");

    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure).hasMessageContainingAll("application/zip", "PDF, Word, Excel");
  }

  @Test
  void binary_bytes_under_a_text_name_are_no_text() throws Exception {
    byte[] noise = new byte[2000];
    new java.util.Random(7).nextBytes(noise);

    assertThat(failure(noise, "noise.txt").reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure(noise, "noise").reason()).isEqualTo(Reason.UNSUPPORTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.md", "a.csv", "a.html", "a.pdf", "a"})
  void an_empty_file_says_so(String name) throws Exception {
    ExtractionException failure = failure(new byte[0], name);

    assertThat(failure.reason()).isEqualTo(Reason.EMPTY);
    assertThat(failure).hasMessageContaining("empty (0 bytes)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.md", "a.csv", "a.html", "a.json"})
  void a_blank_file_says_so(String name) throws Exception {
    ExtractionException failure = failure(" \n\u00A0\t\r\n".getBytes(StandardCharsets.UTF_8), name);

    assertThat(failure.reason()).isEqualTo(Reason.EMPTY);
    assertThat(failure).hasMessageContaining("no text");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, Größe: 5 € für Bäcker",
    "UTF-16, Größe: 5 € für Bäcker",
    "UTF-16LE, Größe: 5 € für Bäcker",
    "UTF-16BE, Größe: 5 € für Bäcker",
    "UTF-16LE, Хлеб печём мы сами",
    "windows-1252, Größe: 5 € für Bäcker – täglich frisch aus dem Ofen „Süßes“",
    "ISO-8859-1, Die Bäckerei öffnet für Gäste täglich außer montags",
    "windows-1251, Хлеб мы печём сами каждый день кроме понедельника",
    "windows-1253, Ψήνουμε το ψωμί μας κάθε μέρα εκτός από τη Δευτέρα",
    "Shift_JIS, 毎日パンを焼いています。月曜日は休みです。",
    "EUC-KR, 우리는 매일 빵을 굽습니다. 월요일은 쉽니다.",
    "GB18030, 我们每天都烤面包，星期一休息。欢迎光临。",
  })
  void text_is_read_in_its_encoding(String encoding, String text) throws Exception {
    assertThat(texts(text.getBytes(Charset.forName(encoding)), "a.txt")).containsExactly(text);
  }

  @Test
  void a_byte_order_mark_is_no_text() throws Exception {
    assertThat(texts("\uFEFFbread", "a.txt")).containsExactly("bread");
    assertThat(texts("\uFEFFbread".getBytes(Charset.forName("UTF-32LE")), "a.txt"))
        .containsExactly("bread");
    assertThat(texts("\uFEFFa,b\n1,2".getBytes(StandardCharsets.UTF_16LE), "a.csv"))
        .containsExactly("| a | b |\n| --- | --- |\n| 1 | 2 |");
  }

  @Test
  void what_a_database_cannot_store_is_cleaned_away() throws Exception {
    assertThat(texts("br\u0007ea\u0000d" + " is good".repeat(40) + "\uFFFE", "a.txt").getFirst())
        .startsWith("bread is good")
        .doesNotContain("\u0000", "\u0007", "\uFFFE");
  }

  @Test
  void json_is_told_by_its_content() throws Exception {
    for (String json :
        List.of(
            "{\"a\": 1}",
            "[1, 2]",
            "{\"a\": 1}\n{\"a\": 2}\n",
            "\uFEFF[\"long " + "x".repeat(9000) + "\"]")) {
      for (String name : List.of("a.jsonl", "a.txt", "a")) {
        assertThat(extract(json, name).kind()).as(json).isEqualTo(FileKind.JSON);
      }
    }
    for (String text : List.of("[a link](there)", "{ not json }", "[1] is a footnote", "[")) {
      assertThat(extract(text, "a.txt").kind()).as(text).isEqualTo(FileKind.PLAIN);
    }
  }

  @Test
  void a_file_of_ours_that_is_gone_is_not_the_uploaders_fault() {
    assertThatThrownBy(() -> EXTRACTOR.extract(directory.resolve("gone"), "a.txt", ""))
        .isInstanceOf(UncheckedIOException.class);
  }
}

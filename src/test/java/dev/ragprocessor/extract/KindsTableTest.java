package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.MediaFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.tika.Tika;
import org.junit.jupiter.api.Test;

/** Holds the README's table of kinds and the code together, each row by a real file. */
class KindsTableTest extends ExtractorFixture {
  private static final Pattern TABLE =
      Pattern.compile("(?s)<!-- kinds -->\n.*?\n.*?\n(.*?)\n<!-- /kinds -->");
  private static final Pattern KEY = Pattern.compile("`([^`]+)`");
  private static final List<List<String>> PRICES =
      List.of(List.of("Loaf", "Euro"), List.of("Rye", "5,80"));

  /** A row: the kind, its extensions, and the cells after them. */
  private record Row(
      FileKind kind, List<String> extensions, String text, Set<String> metadata, String limits) {}

  @Test
  void every_kind_has_its_row_once() throws IOException {
    assertThat(rows()).extracting(Row::kind).containsExactly(FileKind.values());
  }

  @Test
  void a_real_file_of_each_kind_becomes_what_its_row_says() throws Exception {
    Map<FileKind, byte[]> samples = samples();
    for (Row row : rows()) {
      byte[] sample = Objects.requireNonNull(samples.remove(row.kind()), "no sample");
      String name = "sample." + row.extensions().getFirst();
      switch (EXTRACTOR.extract(file(sample), name, "")) {
        case Extracted.Text text -> {
          assertThat(text.kind()).as(name).isEqualTo(row.kind());
          assertThat(text.passages()).as(name).isNotEmpty();
          assertThat(keys(text)).as("metadata of %s", name).isEqualTo(row.metadata());
          assertThat(text.passages().stream().anyMatch(one -> one.kind() == Passage.Kind.TABLE))
              .as("tables of %s", name)
              .isEqualTo(row.text().contains("as a Markdown table") || hasTables(row));
        }
        case Extracted.Media media ->
            assertThat(row.kind().category()).as(name).contains(media.category());
      }
    }
    assertThat(samples).isEmpty();
  }

  @Test
  void every_extension_belongs_to_its_row() throws Exception {
    Tika tika = new Tika();
    Map<FileKind, byte[]> samples = samples();
    for (Row row : rows()) {
      for (String extension : row.extensions()) {
        if (row.kind().isWrittenText()) {
          byte[] sample = Objects.requireNonNull(samples.get(row.kind()), "no sample");
          assertThat(extract(sample, "file." + extension).kind())
              .as(extension)
              .isEqualTo(row.kind());
        } else {
          String mediaType = tika.detect("file." + extension);
          assertThat(FileKind.listing(mediaType))
              .as("%s is %s", extension, mediaType)
              .contains(row.kind());
        }
      }
    }
  }

  @Test
  void limits_are_keys_of_the_configuration() throws IOException {
    String configuration = Files.readString(Path.of("README.md"));
    for (Row row : rows()) {
      KEY.matcher(row.limits())
          .results()
          .forEach(key -> assertThat(configuration).contains("| `" + key.group(1) + "` |"));
    }
  }

  private static boolean hasTables(Row row) {
    return row.text().contains("tables as Markdown");
  }

  /** The keys of {@code metadata} that the places of a document's passages give. */
  private static Set<String> keys(Extracted.Text text) {
    Set<String> keys = new TreeSet<>();
    for (Passage passage : text.passages()) {
      Place place = passage.place();
      if (place.page() > 0 && place.attachment().isEmpty()) {
        keys.add("page_number");
      }
      if (!place.sheet().isEmpty()) {
        keys.add("sheet");
      }
      if (!place.headings().isEmpty()) {
        keys.add("headings");
      }
      if (!place.attachment().isEmpty()) {
        keys.add("attachment");
      }
    }
    return keys;
  }

  private static Map<FileKind, byte[]> samples() throws IOException {
    Map<FileKind, byte[]> samples = new EnumMap<>(FileKind.class);
    List<Documents.Block> blocks =
        List.of(
            new Documents.Heading(1, "Bread"),
            new Documents.Paragraph("Rye needs acid."),
            new Documents.Table(PRICES));
    String markup =
        "<h1>Bread</h1><p>Rye.</p><table><tr><th>Loaf</th><th>Euro</th></tr>"
            + "<tr><td>Rye</td><td>5,80</td></tr></table>";
    samples.put(FileKind.PDF, Documents.pdf("Bread", List.of(List.of("Rye needs acid."))));
    samples.put(FileKind.WORD, Documents.docx("Bread", blocks));
    samples.put(FileKind.EXCEL, Documents.xlsx(Map.of("Prices", PRICES)));
    samples.put(FileKind.POWERPOINT, Documents.pptx(List.of(List.of("Bread", "Rye"))));
    samples.put(FileKind.OPEN_DOCUMENT, Documents.odt(blocks));
    samples.put(FileKind.OPEN_DOCUMENT_SHEETS, Documents.ods(Map.of("Prices", PRICES)));
    samples.put(FileKind.OPEN_DOCUMENT_SLIDES, Documents.odp(List.of(List.of("Bread", "Rye"))));
    samples.put(FileKind.RTF, utf8("{\\rtf1\\ansi\\pard Rye needs acid.\\par}"));
    samples.put(FileKind.EPUB, Documents.epub("Bread", markup));
    samples.put(FileKind.HTML, utf8("<html><body>" + markup + "</body></html>"));
    samples.put(
        FileKind.MARKDOWN, utf8("# Bread\n\nRye.\n\n| Loaf | Euro |\n|-|-|\n| Rye | 5 |\n"));
    samples.put(FileKind.DELIMITED, utf8("Loaf;Euro\nRye;5\nWheat;4\n"));
    samples.put(FileKind.XML, utf8("<?xml version=\"1.0\"?><r><loaf>Rye</loaf></r>"));
    samples.put(
        FileKind.MAIL,
        utf8(
            """
            From: a@example.org
            To: b@example.org
            Subject: Bread
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            See below.
            --b
            Content-Type: text/plain
            Content-Disposition: attachment; filename="rye.txt"

            Rye needs acid.
            --b--
            """
                .replace("\n", "\r\n")));
    samples.put(FileKind.JSON, utf8("{\"loaf\": \"Rye\", \"euro\": 5}"));
    samples.put(FileKind.PLAIN, utf8("Rye needs acid.\n"));
    samples.put(FileKind.CODE, utf8("class Rye {}\n"));
    samples.put(FileKind.IMAGE, MediaFiles.jpeg("rye"));
    samples.put(FileKind.AUDIO, MediaFiles.mp3(2));
    samples.put(FileKind.VIDEO, MediaFiles.mp4(2, "rye"));
    return samples;
  }

  private static List<Row> rows() throws IOException {
    String table =
        TABLE
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(result -> result.group(1))
            .findFirst()
            .orElseThrow();
    return table.lines().map(KindsTableTest::row).toList();
  }

  private static Row row(String line) {
    String[] cells = line.split("\\|", -1);
    String kind = cells[1].strip().replace("`", "").toUpperCase(Locale.ROOT).replace('-', '_');
    List<String> extensions =
        Arrays.stream(cells[2].split(" and ", 2)[0].split(",", -1)).map(String::strip).toList();
    Set<String> metadata =
        KEY.matcher(cells[4])
            .results()
            .map(key -> key.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    return new Row(
        FileKind.valueOf(kind), extensions, cells[3].strip(), metadata, cells[5].strip());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

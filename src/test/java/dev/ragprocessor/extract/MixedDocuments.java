package dev.ragprocessor.extract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes larger documents of every kind, of words that mean nothing; the same seed, the same text.
 */
final class MixedDocuments {
  /** Every kind of document, by a usual extension. */
  static final List<String> EXTENSIONS =
      List.of(
          "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf", "epub", "html", "md", "csv",
          "xml", "eml", "json", "txt", "java");

  private static final int WORDS = 3_000;

  private final Random random;
  private final List<String> words = new ArrayList<>();

  MixedDocuments(long seed) {
    random = new Random(seed);
    for (int word = 0; word < WORDS; word++) {
      StringBuilder letters = new StringBuilder();
      for (int letter = 0; letter < 3 + random.nextInt(8); letter++) {
        letters.append((char) ('a' + random.nextInt(26)));
      }
      words.add(letters.toString());
    }
  }

  /** Promises a file with about so many paragraphs, or rows, of some hundred characters each. */
  byte[] write(String extension, int paragraphs) throws IOException {
    return switch (extension) {
      case "pdf" -> Documents.pdf(sentence(4), pages(paragraphs));
      case "docx" -> Documents.docx(sentence(4), blocks(paragraphs));
      case "odt" -> Documents.odt(blocks(paragraphs));
      case "xlsx" -> Documents.xlsx(sheets(paragraphs));
      case "ods" -> Documents.ods(sheets(paragraphs));
      case "pptx" -> Documents.pptx(slides(paragraphs));
      case "odp" -> Documents.odp(slides(paragraphs));
      case "epub" -> Documents.epub(sentence(4), markup(paragraphs));
      case "html" -> utf8("<html><body>" + markup(paragraphs) + "</body></html>");
      case "rtf" -> utf8("{\\rtf1\\ansi " + lines(paragraphs, "\\pard %2$s\\par\n") + "}");
      case "md" -> utf8(lines(paragraphs, "%1$s%2$s\n\n"));
      case "csv" -> utf8("number,words,more\n" + lines(paragraphs, "%3$d,%2$s,x\n"));
      case "xml" ->
          utf8("<r>" + lines(paragraphs, "<item><a>%3$d</a><b>%2$s</b></item>\n") + "</r>");
      case "json" -> utf8(lines(paragraphs, "{\"number\": %3$d, \"words\": \"%2$s\"}\n"));
      case "eml" ->
          utf8(
              "From: a@example.org\nTo: b@example.org\nSubject: %s\nMIME-Version: 1.0\n"
                      .formatted(sentence(4))
                  + "Content-Type: text/plain; charset=utf-8\n\n"
                  + lines(paragraphs, "%2$s\n\n"));
      case "txt" -> utf8(lines(paragraphs, "%2$s\n\n"));
      case "java" ->
          utf8("class Words {\n" + lines(paragraphs, "  // %2$s\n  int n%3$d;\n") + "}\n");
      default -> throw new IllegalArgumentException(extension);
    };
  }

  private String sentence(int length) {
    StringBuilder sentence = new StringBuilder();
    for (int word = 0; word < length; word++) {
      sentence.append(word == 0 ? "" : " ").append(words.get(random.nextInt(WORDS)));
    }
    return sentence.toString();
  }

  private String paragraph() {
    return sentence(30 + random.nextInt(40)) + ".";
  }

  /** The format's arguments: a heading now and then, a paragraph, its number. */
  private String lines(int count, String format) {
    StringBuilder lines = new StringBuilder();
    for (int line = 0; line < count; line++) {
      String heading = line % 12 == 0 ? "# " + sentence(3) + "\n\n" : "";
      lines.append(format.formatted(heading, paragraph(), line));
    }
    return lines.toString();
  }

  private String markup(int count) {
    StringBuilder markup = new StringBuilder();
    for (int i = 0; i < count; i++) {
      markup.append(i % 12 == 0 ? "<h2>" + sentence(3) + "</h2>" : "");
      markup.append("<p>").append(paragraph()).append("</p>\n");
    }
    return markup.toString();
  }

  private List<Documents.Block> blocks(int count) {
    List<Documents.Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % 12 == 0) {
        blocks.add(new Documents.Heading(1 + i / 12 % 3, sentence(3)));
      }
      blocks.add(new Documents.Paragraph(paragraph()));
    }
    return blocks;
  }

  private List<List<String>> pages(int paragraphs) {
    List<List<String>> pages = new ArrayList<>();
    for (int i = 0; i < paragraphs; i += 10) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 40; line++) {
        lines.add(sentence(12));
      }
      pages.add(lines);
    }
    return pages;
  }

  private List<List<String>> slides(int paragraphs) {
    List<List<String>> slides = new ArrayList<>();
    for (int i = 0; i < paragraphs; i += 4) {
      slides.add(List.of(sentence(3), paragraph(), paragraph(), paragraph(), paragraph()));
    }
    return slides;
  }

  private Map<String, List<List<String>>> sheets(int rows) {
    Map<String, List<List<String>>> sheets = new LinkedHashMap<>();
    for (int sheet = 0; sheet < 2; sheet++) {
      List<List<String>> cells = new ArrayList<>();
      cells.add(List.of("number", "words", "more"));
      for (int row = 0; row < rows / 2; row++) {
        cells.add(List.of("" + row, sentence(20), sentence(20)));
      }
      sheets.put("Sheet " + sheet, cells);
    }
    return sheets;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

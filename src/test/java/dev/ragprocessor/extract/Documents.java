package dev.ragprocessor.extract;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xslf.usermodel.SlideLayout;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xssf.usermodel.XSSFRow;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFStyles;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** Writes small real documents, for tests and for the sample bucket. */
final class Documents {
  private static final String OPEN_DOCUMENT_NAMESPACES =
      """
      xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
      xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" \
      xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" \
      xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.3\"\
      """;

  /** What a document is made of. */
  sealed interface Block {}

  /** A heading. */
  record Heading(int level, String text) implements Block {}

  /** A paragraph. */
  record Paragraph(String text) implements Block {}

  /** A table, its header first. */
  record Table(List<List<String>> rows) implements Block {}

  private Documents() {}

  /** A PDF with a title; a line that begins with {@code #} is set as a heading. */
  static byte[] pdf(String title, List<List<String>> pages) throws IOException {
    try (PDDocument document = pdfDocument(title, pages)) {
      return bytesOf(document::save);
    }
  }

  /** A PDF that opens with a password only. */
  static byte[] encryptedPdf(String password) throws IOException {
    try (PDDocument document = pdfDocument("Secret", List.of(List.of("Nobody reads this.")))) {
      document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
      return bytesOf(document::save);
    }
  }

  private static PDDocument pdfDocument(String title, List<List<String>> pages) throws IOException {
    PDDocument document = new PDDocument();
    document.getDocumentInformation().setTitle(title);
    PDFont text = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
    PDFont bold = new PDType1Font(Standard14Fonts.FontName.HELVETICA_BOLD);
    for (List<String> lines : pages) {
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.newLineAtOffset(60, 780);
        for (String line : lines) {
          boolean heading = line.startsWith("#");
          content.setFont(heading ? bold : text, heading ? 16 : 11);
          content.showText(heading ? line.substring(1).strip() : line);
          content.newLineAtOffset(0, heading ? -28 : -16);
        }
        content.endText();
      }
    }
    return document;
  }

  /** A Word document with real heading styles. */
  static byte[] docx(String title, List<Block> blocks) throws IOException {
    try (XWPFDocument document = new XWPFDocument()) {
      document.getProperties().getCoreProperties().setTitle(title);
      XWPFStyles styles = document.createStyles();
      for (int level = 1; level <= 3; level++) {
        CTStyle style = CTStyle.Factory.newInstance();
        style.setStyleId("Heading" + level);
        style.addNewName().setVal("heading " + level);
        style.setType(STStyleType.PARAGRAPH);
        style.addNewPPr().addNewOutlineLvl().setVal(BigInteger.valueOf(level - 1L));
        style.addNewRPr().addNewB();
        styles.addStyle(new XWPFStyle(style));
      }
      for (Block block : blocks) {
        switch (block) {
          case Heading heading -> {
            XWPFParagraph paragraph = document.createParagraph();
            paragraph.setStyle("Heading" + heading.level());
            paragraph.createRun().setText(heading.text());
          }
          case Paragraph paragraph ->
              document.createParagraph().createRun().setText(paragraph.text());
          case Table table -> {
            List<List<String>> rows = table.rows();
            XWPFTable drawn = document.createTable(rows.size(), rows.getFirst().size());
            for (int row = 0; row < rows.size(); row++) {
              for (int column = 0; column < rows.get(row).size(); column++) {
                drawn.getRow(row).getCell(column).setText(rows.get(row).get(column));
              }
            }
          }
        }
      }
      return bytesOf(document::write);
    }
  }

  /** Any Office document under a password. */
  static byte[] encryptedOffice(byte[] document, String password)
      throws IOException, GeneralSecurityException {
    try (POIFSFileSystem files = new POIFSFileSystem()) {
      Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
      encryptor.confirmPassword(password);
      try (OutputStream stream = encryptor.getDataStream(files)) {
        stream.write(document);
      }
      return bytesOf(files::writeFilesystem);
    }
  }

  /** An Office document that a server of rights has encrypted. */
  static byte[] rightsManagedOffice() throws IOException {
    try (POIFSFileSystem files = new POIFSFileSystem()) {
      DirectoryEntry spaces = files.getRoot().createDirectory("\u0006DataSpaces");
      spaces
          .createDirectory("DataSpaceInfo")
          .createDocument(
              "DRMEncryptedDataSpace", new ByteArrayInputStream(new byte[] {1, 2, 3, 4}));
      files.createDocument(new ByteArrayInputStream(new byte[5_000]), "EncryptedPackage");
      return bytesOf(files::writeFilesystem);
    }
  }

  /** A book whose chapter is encrypted. */
  static byte[] rightsManagedEpub() {
    return epub(
        "Sold",
        "<p>cipher</p>",
        List.of(
            Map.entry(
                "META-INF/encryption.xml",
                """
                <?xml version="1.0"?><encryption \
                xmlns="urn:oasis:names:tc:opendocument:xmlns:container" \
                xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>\
                <enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>\
                <enc:CipherData><enc:CipherReference URI="c.xhtml"/></enc:CipherData>\
                </enc:EncryptedData></encryption>\
                """)));
  }

  /** A workbook; the maps keep the sheets' order. */
  static byte[] xlsx(Map<String, List<List<String>>> sheets) throws IOException {
    try (XSSFWorkbook workbook = new XSSFWorkbook()) {
      sheets.forEach(
          (name, rows) -> {
            XSSFSheet sheet = workbook.createSheet(name);
            for (List<String> cells : rows) {
              XSSFRow row = sheet.createRow(sheet.getPhysicalNumberOfRows());
              for (String cell : cells) {
                row.createCell(Math.max(row.getLastCellNum(), 0)).setCellValue(cell);
              }
            }
          });
      return bytesOf(workbook::write);
    }
  }

  /** Slides: each a title and its points. */
  static byte[] pptx(List<List<String>> slides) throws IOException {
    try (XMLSlideShow show = new XMLSlideShow()) {
      for (List<String> lines : slides) {
        XSLFSlide slide =
            show.createSlide(
                show.getSlideMasters().getFirst().getLayout(SlideLayout.TITLE_AND_CONTENT));
        slide.getPlaceholder(0).setText(lines.getFirst());
        slide.getPlaceholder(1).setText(String.join("\n", lines.subList(1, lines.size())));
      }
      return bytesOf(show::write);
    }
  }

  /** An OpenDocument text. */
  static byte[] odt(List<Block> blocks) {
    StringBuilder body = new StringBuilder("<office:text>");
    for (Block block : blocks) {
      switch (block) {
        case Heading heading ->
            body.append(
                "<text:h text:outline-level=\"%d\">%s</text:h>"
                    .formatted(heading.level(), escaped(heading.text())));
        case Paragraph paragraph ->
            body.append("<text:p>").append(escaped(paragraph.text())).append("</text:p>");
        case Table table -> openDocumentTable(body, "Table1", table.rows());
      }
    }
    return openDocument("text", body.append("</office:text>").toString());
  }

  /** An OpenDocument spreadsheet. */
  static byte[] ods(Map<String, List<List<String>>> sheets) {
    StringBuilder body = new StringBuilder("<office:spreadsheet>");
    sheets.forEach((name, rows) -> openDocumentTable(body, name, rows));
    return openDocument("spreadsheet", body.append("</office:spreadsheet>").toString());
  }

  /** An OpenDocument presentation: each slide its lines. */
  static byte[] odp(List<List<String>> slides) {
    StringBuilder body = new StringBuilder("<office:presentation>");
    for (List<String> lines : slides) {
      body.append("<draw:page draw:name=\"page\"><draw:frame><draw:text-box>");
      lines.forEach(line -> body.append("<text:p>").append(escaped(line)).append("</text:p>"));
      body.append("</draw:text-box></draw:frame></draw:page>");
    }
    return openDocument("presentation", body.append("</office:presentation>").toString());
  }

  /** A book of one chapter. */
  static byte[] epub(String title, String chapterXhtml) {
    return epub(title, chapterXhtml, List.of());
  }

  private static byte[] epub(
      String title, String chapterXhtml, List<Map.Entry<String, String>> more) {
    List<Map.Entry<String, String>> parts =
        List.of(
            Map.entry("mimetype", "application/epub+zip"),
            Map.entry(
                "META-INF/container.xml",
                """
                <?xml version="1.0"?><container version="1.0" \
                xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>\
                <rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>\
                </rootfiles></container>\
                """),
            Map.entry(
                "book.opf",
                """
                <?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0">\
                <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title>\
                </metadata><manifest><item id="c" href="c.xhtml" \
                media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine>\
                </package>\
                """
                    .formatted(escaped(title))),
            Map.entry(
                "c.xhtml",
                "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>%s</body></html>"
                    .formatted(chapterXhtml)));
    return zip(Stream.concat(parts.stream(), more.stream()).toList());
  }

  /** A ZIP archive, its first entry stored and not compressed, as OpenDocument and EPUB want. */
  static byte[] zip(List<Map.Entry<String, String>> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      boolean first = true;
      for (Map.Entry<String, String> entry : entries) {
        byte[] content = entry.getValue().getBytes(StandardCharsets.UTF_8);
        ZipEntry header = new ZipEntry(entry.getKey());
        if (first) {
          CRC32 checksum = new CRC32();
          checksum.update(content);
          header.setMethod(ZipEntry.STORED);
          header.setSize(content.length);
          header.setCrc(checksum.getValue());
        }
        first = false;
        zip.putNextEntry(header);
        zip.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] openDocument(String kind, String body) {
    String mediaType = "application/vnd.oasis.opendocument." + kind;
    return zip(
        List.of(
            Map.entry("mimetype", mediaType),
            Map.entry(
                "META-INF/manifest.xml",
                """
                <?xml version="1.0" encoding="UTF-8"?><manifest:manifest \
                xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
                manifest:version="1.3"><manifest:file-entry manifest:full-path="/" \
                manifest:media-type="%s"/><manifest:file-entry manifest:full-path="content.xml" \
                manifest:media-type="text/xml"/></manifest:manifest>\
                """
                    .formatted(mediaType)),
            Map.entry(
                "content.xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content "
                    + OPEN_DOCUMENT_NAMESPACES
                    + "><office:body>"
                    + body
                    + "</office:body></office:document-content>")));
  }

  private static void openDocumentTable(StringBuilder body, String name, List<List<String>> rows) {
    body.append("<table:table table:name=\"").append(escaped(name)).append("\">");
    for (List<String> cells : rows) {
      body.append("<table:table-row>");
      cells.forEach(
          cell ->
              body.append("<table:table-cell><text:p>")
                  .append(escaped(cell))
                  .append("</text:p></table:table-cell>"));
      body.append("</table:table-row>");
    }
    body.append("</table:table>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private interface Writing {
    void to(OutputStream stream) throws IOException;
  }

  private static byte[] bytesOf(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writing.to(bytes);
    return bytes.toByteArray();
  }
}

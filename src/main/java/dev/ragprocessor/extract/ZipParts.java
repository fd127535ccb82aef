package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.tika.exception.TikaException;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.utils.XMLReaderUtils;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Looks into the ZIP archive that an Office, OpenDocument or EPUB file is, before a parser does:
 * mostly by the archive's own directory, and so without unpacking.
 */
final class ZipParts {
  /** Markup around one character of text, generously. */
  private static final long BYTES_PER_CHARACTER = 32;

  /** Styles, numberings and relations are kept in memory as trees, at ten times their size. */
  private static final long LARGEST_TREE_BYTES = 8L << 20;

  private static final int BUFFER = 64 * 1024;
  private static final Pattern MARKUP = Pattern.compile(".*\\.(xml|rels|x?html?|opf|ncx|vml)");
  private static final Pattern STREAMED =
      Pattern.compile(
          ".*(document|sheet|slide|content|comments|footnotes|endnotes|sharedstrings)\\d*\\.xml"
              + "|.*\\.x?html?");
  private static final String TABLES = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";

  private ZipParts() {}

  /** Who sees to it that a directory does not lie about sizes. */
  enum Guard {
    /** The parser measures what it unpacks. */
    PARSER,
    /** Nobody does, so it is unpacked here to be measured. */
    NONE
  }

  /**
   * Refuses an archive that would unpack to too much, or that is cut off.
   *
   * @throws ExtractionException with the reason {@code CORRUPT}, {@code EXPANDS_TOO_MUCH} or {@code
   *     TOO_MUCH_TEXT}
   */
  static void check(Path content, Guard guard, Budget budget) throws ExtractionException {
    long most = budget.unpackedLimit(FileSize.of(content));
    long markup = 0;
    try (ZipFile zip = new ZipFile(content.toFile())) {
      for (Iterator<? extends ZipEntry> parts = zip.entries().asIterator(); parts.hasNext(); ) {
        ZipEntry part = parts.next();
        String name = part.getName().toLowerCase(Locale.ROOT);
        if (!MARKUP.matcher(name).matches()) {
          continue;
        }
        long size = guard == Guard.NONE ? measured(zip, part, most - markup) : part.getSize();
        if (size > LARGEST_TREE_BYTES && !STREAMED.matcher(name).matches()) {
          throw new ExtractionException(
              Reason.CORRUPT,
              "This file's part "
                  + name
                  + " unpacks to more than any real document has; save the file again.",
              null);
        }
        markup += size;
        budget.requireUnpackedWithin(markup, most);
        budget.requireRoomFor(markup / BYTES_PER_CHARACTER);
      }
    } catch (IOException e) {
      throw new ExtractionException(
          Reason.CORRUPT,
          "This file is damaged or incomplete: its archive cannot be opened; upload it again.",
          e);
    }
  }

  /** The size that a part really has, or more than {@code most}. */
  private static long measured(ZipFile zip, ZipEntry part, long most) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (InputStream stream = zip.getInputStream(part)) {
      for (int read = stream.read(buffer); read >= 0 && size <= most; read = stream.read(buffer)) {
        size += read;
      }
    }
    return size;
  }

  /** The names of an OpenDocument spreadsheet's sheets, which Tika does not hand over. */
  static List<String> sheetNames(Path content, Budget budget) throws ExtractionException {
    List<String> names = new ArrayList<>();
    DefaultHandler handler =
        new DefaultHandler() {
          private int depth;

          @Override
          public void startElement(String uri, String name, String qName, Attributes attributes) {
            budget.tick();
            // document-content, body, spreadsheet, table
            if (++depth == 4 && uri.equals(TABLES) && name.equals("table")) {
              String sheet = attributes.getValue(TABLES, "name");
              names.add(sheet == null ? "" : sheet);
            }
          }

          @Override
          public void endElement(String uri, String name, String qName) {
            depth--;
          }
        };
    try (ZipFile zip = new MeasuredArchive(content, budget)) {
      ZipEntry part = zip.getEntry("content.xml");
      if (part != null) {
        try (InputStream stream = zip.getInputStream(part)) {
          XMLReaderUtils.parseSAX(stream, handler, new ParseContext());
        }
      }
      return names;
    } catch (IOException | SAXException | TikaException e) {
      throw new ExtractionException(
          Reason.CORRUPT, "This spreadsheet is damaged; save it again and upload it.", e);
    }
  }
}

package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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

  private ZipParts() {}

  /** Who sees to it that a directory does not lie about sizes. */
  enum Guard {
    /** The parser measures what it unpacks. */
    PARSER,
    /** It measures what it streams; the rest is unpacked here to be measured. */
    STREAMS
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
        boolean streamed = STREAMED.matcher(name).matches();
        boolean guarded = streamed || guard == Guard.PARSER;
        long size = guarded ? part.getSize() : measured(zip, part, most - markup);
        if (size > LARGEST_TREE_BYTES && !streamed) {
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
}

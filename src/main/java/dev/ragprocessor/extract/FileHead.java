package dev.ragprocessor.extract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What a file's first bytes say beyond doubt: then Tika's two thousand patterns, a quarter of the
 * time that a small file takes, need not be tried. In every case of doubt they say nothing.
 */
final class FileHead {
  private static final int LENGTH = 8 * 1024;

  /** UTF-8 has at most four bytes a character, so that the last three may be half of one. */
  private static final int TAIL = 3;

  /**
   * What written text may begin with beside letters and digits: headings, comments, JSON, lists.
   */
  private static final String BEGINNINGS = "#/*{[\"|";

  private static final String RTF = "{\\rtf";
  private static final String PDF = "%PDF-";

  /** The entry by which OpenDocument (part 2, 3.3) and EPUB (OCF, 4.3) tell their type. */
  private static final String TYPE_ENTRY = "mimetype";

  private static final int LONGEST_TYPE = 100;

  private final byte[] bytes;
  private final String text;

  private FileHead(byte[] bytes) {
    this.bytes = bytes;
    this.text = new String(bytes, StandardCharsets.UTF_8);
  }

  /** The first bytes of a file. */
  static FileHead of(Path content) throws IOException {
    try (InputStream stream = Files.newInputStream(content)) {
      return new FileHead(stream.readNBytes(LENGTH));
    }
  }

  /** The first bytes of a whole content. */
  static FileHead of(byte[] content) {
    return new FileHead(content.length > LENGTH ? Arrays.copyOf(content, LENGTH) : content);
  }

  /** Whether it is written text of the kind that the file's name tells. */
  boolean isText(FileKind named) {
    return switch (named) {
      case PLAIN -> isPlain();
      case MARKDOWN, DELIMITED, JSON, MAIL, CODE -> beginsLikeText() && isReadable();
      case HTML -> beginsLikePage() && isReadable();
      // A drawing is XML as well.
      case XML -> false;
      case PDF, WORD, EXCEL, POWERPOINT, OPEN_DOCUMENT, OPEN_DOCUMENT_SHEETS -> false;
      case OPEN_DOCUMENT_SLIDES, RTF, EPUB, IMAGE, AUDIO, VIDEO -> false;
    };
  }

  /** Whether it is prose, and nothing that plain text could be mistaken for. */
  boolean isPlain() {
    return bytes.length > 0
        && isLetterOrDigit(bytes[0])
        && isReadable()
        && !text.contains("<")
        && !firstLine().contains(":"); // headers of mail, cards and calendars
  }

  /** The media type that an archive gives itself. */
  Optional<String> ownType() {
    try (ZipInputStream archive = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      ZipEntry first = archive.getNextEntry();
      return first != null && first.getName().equals(TYPE_ENTRY)
          ? Optional.of(new String(archive.readNBytes(LONGEST_TYPE), StandardCharsets.US_ASCII))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // It is in memory: what cannot be read is damaged, or encrypted.
    }
  }

  private boolean beginsLikeText() {
    return bytes.length > 0
        && (isLetterOrDigit(bytes[0]) || BEGINNINGS.indexOf(bytes[0]) >= 0)
        && !text.startsWith(RTF);
  }

  private boolean beginsLikePage() {
    String first = firstLine().toLowerCase(Locale.ROOT);
    return first.startsWith("<!doctype html") || first.startsWith("<html");
  }

  /** Whether it is UTF-8 without control characters, and no PDF behind some junk. */
  private boolean isReadable() {
    for (byte each : bytes) {
      if (isControl(each)) {
        return false;
      }
    }
    int broken = text.indexOf('\uFFFD');
    boolean utf8 = broken < 0 || (bytes.length == LENGTH && broken >= text.length() - TAIL);
    return utf8 && !text.contains(PDF);
  }

  private String firstLine() {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static boolean isLetterOrDigit(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9');
  }

  private static boolean isControl(byte each) {
    boolean blank = each == '\t' || each == '\n' || each == '\r';
    return (each >= 0 && each < ' ' && !blank) || each == 0x7F;
  }
}

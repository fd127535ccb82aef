package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Extracted.Media.Category;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The kinds of file that are taken, each with the media types that Tika detects for it. */
public enum FileKind {
  PDF("PDF", "application/pdf"),
  WORD(
      "Word",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
      "application/vnd.ms-word.document.macroenabled.12",
      "application/vnd.ms-word.template.macroenabled.12",
      "application/msword"),
  EXCEL(
      "Excel",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
      "application/vnd.ms-excel.sheet.macroenabled.12",
      "application/vnd.ms-excel.template.macroenabled.12",
      "application/vnd.ms-excel"),
  POWERPOINT(
      "PowerPoint",
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
      "application/vnd.openxmlformats-officedocument.presentationml.template",
      "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
      "application/vnd.ms-powerpoint.presentation.macroenabled.12",
      "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
      "application/vnd.ms-powerpoint"),
  OPEN_DOCUMENT(
      "OpenDocument",
      "application/vnd.oasis.opendocument.text",
      "application/vnd.oasis.opendocument.text-template"),
  OPEN_DOCUMENT_SHEETS(
      "OpenDocument",
      "application/vnd.oasis.opendocument.spreadsheet",
      "application/vnd.oasis.opendocument.spreadsheet-template"),
  OPEN_DOCUMENT_SLIDES(
      "OpenDocument",
      "application/vnd.oasis.opendocument.presentation",
      "application/vnd.oasis.opendocument.presentation-template"),
  RTF("RTF", "application/rtf", "text/rtf"),
  EPUB("EPUB", "application/epub+zip"),
  HTML("HTML", "text/html", "application/xhtml+xml"),
  MARKDOWN("Markdown", "text/x-web-markdown", "text/markdown"),
  DELIMITED("CSV", "text/csv", "text/tab-separated-values"),
  XML("XML", "application/xml", "text/xml"),
  MAIL("mail", "message/rfc822"),
  JSON("JSON", "application/json", "application/x-ndjson", "application/jsonl"),
  PLAIN("plain text", "text/plain"),
  /** Any other descendant of plain text; no list can name them all. */
  CODE("source code"),
  IMAGE(
      "images",
      "image/jpeg",
      "image/png",
      "image/webp",
      "image/svg+xml",
      "image/heic",
      "image/heic-sequence",
      "image/heif",
      "image/heif-sequence"),
  AUDIO(
      "audio",
      "audio/mpeg",
      "audio/vnd.wave",
      "audio/x-wav",
      "audio/x-flac",
      "audio/flac",
      "audio/x-aac",
      "audio/ogg",
      "audio/vorbis",
      "audio/x-ms-wma",
      "audio/mp4",
      "audio/opus",
      "audio/x-aiff",
      "audio/basic"),
  VIDEO(
      "video",
      "video/mp4",
      "video/x-msvideo",
      "video/quicktime",
      "video/x-matroska",
      "application/x-matroska",
      "video/webm",
      "video/x-flv",
      "video/x-m4v",
      "video/x-ms-wmv",
      "video/x-ms-asf",
      "video/mpeg",
      "video/3gpp",
      "video/ogg",
      "video/theora",
      "application/mp4");

  /** All kinds, for the person whose file is none of them. */
  static final String NAMES =
      "PDF, Word, Excel, PowerPoint, OpenDocument, RTF, EPUB, HTML, Markdown, CSV, XML, mail, JSON,"
          + " plain text, source code, images, audio and video";

  private final String title;

  // Set.of is immutable, though its type does not say so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> mediaTypes;

  FileKind(String title, String... mediaTypes) {
    this.title = title;
    this.mediaTypes = Set.of(mediaTypes);
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /** The kind that lists a media type. */
  static Optional<FileKind> listing(String mediaType) {
    return Arrays.stream(values()).filter(kind -> kind.mediaTypes.contains(mediaType)).findFirst();
  }

  /** Whether its bytes are text in some encoding that somebody may have edited by hand. */
  boolean isWrittenText() {
    return switch (this) {
      case HTML, MARKDOWN, DELIMITED, XML, MAIL, JSON, PLAIN, CODE -> true;
      case PDF, WORD, EXCEL, POWERPOINT, OPEN_DOCUMENT -> false;
      case OPEN_DOCUMENT_SHEETS, OPEN_DOCUMENT_SLIDES -> false;
      case RTF, EPUB, IMAGE, AUDIO, VIDEO -> false;
    };
  }

  /** Whether it is an archive whose first entry is its media type. */
  boolean tellsItsType() {
    return this == EPUB || isOpenDocument();
  }

  /** Whether it is an OpenDocument. */
  boolean isOpenDocument() {
    return this == OPEN_DOCUMENT || this == OPEN_DOCUMENT_SHEETS || this == OPEN_DOCUMENT_SLIDES;
  }

  /** The category of a file without text of its own. */
  Optional<Category> category() {
    return switch (this) {
      case IMAGE -> Optional.of(Category.IMAGES);
      case AUDIO -> Optional.of(Category.AUDIO);
      case VIDEO -> Optional.of(Category.VIDEOS);
      case PDF, WORD, EXCEL, POWERPOINT, OPEN_DOCUMENT -> Optional.empty();
      case OPEN_DOCUMENT_SHEETS, OPEN_DOCUMENT_SLIDES, MAIL -> Optional.empty();
      case RTF, EPUB, HTML, MARKDOWN, DELIMITED, XML, JSON, PLAIN, CODE -> Optional.empty();
    };
  }
}

package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.tika.config.TikaConfig;
import org.apache.tika.detect.Detector;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.HttpHeaders;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;

/**
 * Finds out what a file is: its bytes decide, its name and the declared type only choose among what
 * the bytes allow (a {@code .txt} that is a PDF is a PDF; text named {@code .csv} is a table).
 * Thread-safe.
 */
final class Detection {
  private static final String PROTECTED_OFFICE = "application/x-tika-ooxml-protected";
  private static final String MANAGED_OFFICE = "application/x-tika-ole-drm-encrypted";

  /** A kind, and the media type that led to it. */
  record Detected(FileKind kind, String mediaType) {}

  /** What is plain text beyond doubt. */
  static final Detected PLAIN = new Detected(FileKind.PLAIN, "text/plain");

  private final Detector detector;
  private final MediaTypeRegistry registry;

  Detection() {
    try {
      TikaConfig tika = new TikaConfig();
      this.detector = tika.getDetector();
      this.registry = tika.getMediaTypeRegistry();
    } catch (TikaException | IOException e) {
      throw new IllegalStateException("Tika's own detectors cannot be loaded", e);
    }
  }

  /**
   * Detects a file's kind.
   *
   * @throws ExtractionException if it is encrypted as a whole, or none that is taken
   */
  Detected detect(Path content, String objectName, String declaredContentType)
      throws ExtractionException {
    Optional<Detected> named = byName(objectName).filter(name -> name.kind().isWrittenText());
    FileHead head = head(content, objectName);
    if (named.isPresent() && head.isText(named.get().kind())) {
      return named.get();
    }
    Optional<Detected> told = head.ownType().map(MediaType::parse).flatMap(this::kindOf);
    if (told.filter(archive -> archive.kind().tellsItsType()).isPresent()) {
      return told.get();
    }
    MediaType found = byContent(content, objectName, declaredContentType);
    if (found.toString().equals(PROTECTED_OFFICE)) {
      throw new ExtractionException(
          Reason.ENCRYPTED,
          "This Office document is protected by a password; upload it without one.",
          null);
    }
    if (found.toString().equals(MANAGED_OFFICE)) {
      throw new ExtractionException(
          Reason.ENCRYPTED,
          "This Office document is protected by rights management (DRM); upload it without.",
          null);
    }
    Optional<Detected> detected = kindOf(found);
    boolean text = detected.map(Detected::kind).map(FileKind::isWrittenText).orElse(isText(found));
    if (text && named.isPresent() && yields(detected, named.get())) {
      return named.get();
    }
    if (detected.filter(one -> one.kind() == FileKind.PLAIN).isPresent() && JsonHead.of(content)) {
      return new Detected(FileKind.JSON, "application/json");
    }
    return detected.orElseThrow(() -> unsupported(found));
  }

  /**
   * Whether name and beginning say that a file is plain text; it says no in every case of doubt.
   */
  boolean isPlain(byte[] content, String objectName) {
    return FileHead.of(content).isPlain() && byName(objectName).filter(PLAIN::equals).isPresent();
  }

  /**
   * Whether a text's name knows better than its first bytes. Markdown may begin with HTML and a
   * table with anything; only plain text has no claim on what looks like HTML or XML.
   */
  private static boolean yields(Optional<Detected> detected, Detected named) {
    return named.kind() != FileKind.PLAIN
        || detected.isEmpty()
        || detected.get().kind() == FileKind.CODE;
  }

  private static FileHead head(Path content, String objectName) {
    try {
      return FileHead.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + objectName, e);
    }
  }

  private MediaType byContent(Path content, String objectName, String declaredContentType) {
    Metadata hints = nameOnly(objectName);
    MediaType declared = MediaType.parse(declaredContentType);
    if (declared != null) {
      hints.set(HttpHeaders.CONTENT_TYPE, declared.getBaseType().toString());
    }
    try (TikaInputStream stream = TikaInputStream.get(content, hints)) {
      hints.set(TikaCoreProperties.RESOURCE_NAME_KEY, fileName(objectName));
      return detector.detect(stream, hints).getBaseType();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + objectName, e);
    }
  }

  private Optional<Detected> byName(String objectName) {
    try {
      return kindOf(detector.detect(null, nameOnly(objectName)).getBaseType());
    } catch (IOException e) {
      throw new UncheckedIOException("no bytes are read here", e);
    }
  }

  private Optional<Detected> kindOf(MediaType type) {
    MediaType normal = registry.normalize(type);
    Optional<FileKind> listed = FileKind.listing(normal.toString());
    if (listed.isPresent()) {
      return Optional.of(new Detected(listed.get(), normal.toString()));
    }
    if (registry.isSpecializationOf(normal, MediaType.APPLICATION_XML)) {
      return Optional.of(new Detected(FileKind.XML, normal.toString()));
    }
    boolean code = isText(normal) && !normal.getType().equals("message");
    return code ? Optional.of(new Detected(FileKind.CODE, normal.toString())) : Optional.empty();
  }

  private boolean isText(MediaType type) {
    return registry.isInstanceOf(type, MediaType.TEXT_PLAIN);
  }

  private static Metadata nameOnly(String objectName) {
    Metadata hints = new Metadata();
    hints.set(TikaCoreProperties.RESOURCE_NAME_KEY, fileName(objectName));
    return hints;
  }

  private static String fileName(String objectName) {
    return objectName.substring(objectName.lastIndexOf('/') + 1);
  }

  private static ExtractionException unsupported(MediaType type) {
    return new ExtractionException(
        Reason.UNSUPPORTED,
        "Files of the type "
            + type
            + " are not taken; these are: "
            + FileKind.NAMES
            + ". Save it as one of them.",
        null);
  }
}

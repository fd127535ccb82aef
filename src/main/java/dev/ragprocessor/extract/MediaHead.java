package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Extracted.Media.Category;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.tika.metadata.HttpHeaders;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;

/**
 * Tells media by their first bytes, for files that are not fetched. What it tells is what {@link
 * Extractor} would; it parses nothing. Thread-safe.
 */
public final class MediaHead {
  /** How many bytes are enough. */
  public static final int BYTES = 64 << 10;

  private static final Pattern DECLARED = Pattern.compile("(image|audio|video)/.+");

  private final MimeTypes types = MimeTypes.getDefaultMimeTypes();

  /** Whether it calls itself a medium, so that its first bytes are worth a look. */
  public boolean isLikely(String objectName, String declaredContentType) {
    return DECLARED.matcher(declaredContentType.strip().toLowerCase(Locale.ROOT)).matches()
        || category(detect(new byte[0], objectName, "")).isPresent();
  }

  /**
   * Promises what it is, if it is a medium that is taken.
   *
   * @param beginning its first {@link #BYTES} bytes, or all
   */
  public Optional<Extracted.Media> of(
      byte[] beginning, String objectName, String declaredContentType) {
    MediaType type = detect(beginning, objectName, declaredContentType);
    return category(type).map(category -> new Extracted.Media(type.toString(), category));
  }

  private MediaType detect(byte[] beginning, String objectName, String declaredContentType) {
    Metadata hints = new Metadata();
    hints.set(
        TikaCoreProperties.RESOURCE_NAME_KEY,
        objectName.substring(objectName.lastIndexOf('/') + 1));
    MediaType declared = MediaType.parse(declaredContentType);
    if (declared != null) {
      hints.set(HttpHeaders.CONTENT_TYPE, declared.getBaseType().toString());
    }
    try {
      MediaType found = types.detect(new ByteArrayInputStream(beginning), hints).getBaseType();
      return types.getMediaTypeRegistry().normalize(found);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory are always read", e);
    }
  }

  private static Optional<Category> category(MediaType type) {
    return FileKind.listing(type.toString()).flatMap(FileKind::category);
  }
}

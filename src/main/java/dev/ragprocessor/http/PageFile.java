package dev.ragprocessor.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file of the page. */
final class PageFile {
  private static final int ETAG_BYTES = 16;

  private final String mediaType;
  private final byte[] content;
  private final String etag;

  private PageFile(String mediaType, byte[] content) {
    this.mediaType = mediaType;
    this.content = content;
    this.etag = etag(content);
  }

  /**
   * Promises the resource of that name.
   *
   * @throws IllegalStateException when the class path has none
   */
  static PageFile of(String resource) {
    try (InputStream stream = PageFile.class.getResourceAsStream("/" + resource)) {
      if (stream == null) {
        throw new IllegalStateException("The class path has no " + resource);
      }
      return new PageFile(mediaType(resource), stream.readAllBytes());
    } catch (IOException failure) {
      throw new UncheckedIOException("The class path cannot be read", failure);
    }
  }

  String mediaType() {
    return mediaType;
  }

  /** Promises the content itself, which nobody changes. */
  byte[] content() {
    return content;
  }

  /** Promises what changes with the content. */
  String etag() {
    return etag;
  }

  private static String mediaType(String resource) {
    return switch (resource.substring(resource.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("No media type is known for " + resource);
    };
  }

  private static String etag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}

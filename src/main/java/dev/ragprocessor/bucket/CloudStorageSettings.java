package dev.ragprocessor.bucket;

import java.net.URI;
import java.time.Duration;

/**
 * How Cloud Storage is reached.
 *
 * @param baseUrl scheme, host, and a path prefix if there is one; no query
 * @param maxObjectSize in bytes, 1 or more: of an object as stored, and again of its content after
 *     a {@code Content-Encoding: gzip} is undone
 * @param connectTimeout for one connection
 * @param metadataTimeout for one describe or one page of a listing, from request to last byte
 * @param fetchTimeout for one whole fetch, from request to last byte
 */
public record CloudStorageSettings(
    URI baseUrl,
    long maxObjectSize,
    Duration connectTimeout,
    Duration metadataTimeout,
    Duration fetchTimeout) {
  /** Google's own. */
  public static final String DEFAULT_BASE_URL = "https://storage.googleapis.com";

  /** 256 MiB. */
  public static final long DEFAULT_MAX_OBJECT_SIZE = 256L << 20;

  public CloudStorageSettings {
    String scheme = baseUrl.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme))
        || baseUrl.getHost() == null
        || baseUrl.getRawQuery() != null
        || baseUrl.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the base URL of Cloud Storage must be http(s)://host[:port][/path], without user or"
              + " query");
    }
    positive("max-object-size", maxObjectSize);
    positive("connect-timeout", connectTimeout.toNanos());
    positive("metadata-timeout", metadataTimeout.toNanos());
    positive("fetch-timeout", fetchTimeout.toNanos());
  }

  /** Promises the defaults: Google's address, 256 MiB, 10 s, 30 s and 5 min. */
  public static CloudStorageSettings defaults() {
    return new CloudStorageSettings(
        URI.create(DEFAULT_BASE_URL),
        DEFAULT_MAX_OBJECT_SIZE,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5));
  }

  /**
   * Promises the same settings for another address.
   *
   * @param address a URL, or {@code host:port} as {@code STORAGE_EMULATOR_HOST} often has it, which
   *     means plain HTTP
   * @throws IllegalArgumentException when it is neither
   */
  public CloudStorageSettings withBaseUrl(String address) {
    String url = address.contains("://") ? address : "http://" + address;
    return new CloudStorageSettings(
        URI.create(url), maxObjectSize, connectTimeout, metadataTimeout, fetchTimeout);
  }

  /** Promises the same settings with another limit, in bytes. */
  public CloudStorageSettings withMaxObjectSize(long bytes) {
    return new CloudStorageSettings(baseUrl, bytes, connectTimeout, metadataTimeout, fetchTimeout);
  }

  /** Promises the same settings with another deadline for a whole fetch. */
  public CloudStorageSettings withFetchTimeout(Duration timeout) {
    return new CloudStorageSettings(
        baseUrl, maxObjectSize, connectTimeout, metadataTimeout, timeout);
  }

  private static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be greater than 0");
    }
  }
}

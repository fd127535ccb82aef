package dev.ragprocessor.bucket;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ragprocessor.store.ObjectId;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Google Cloud Storage over its JSON API. Nothing is retried here; an access token is renewed by
 * Google's library. An object stored with {@code Content-Encoding: gzip} is checked as stored and
 * handed out decompressed, its attributes (size, checksum) staying those of the stored bytes.
 */
public final class CloudStorage implements ObjectStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A page of 1,000 objects of these fields stays below 3 MiB, even with the longest names. */
  private static final int MAX_JSON = 16 << 20;

  private static final int PAGE_SIZE = 1000;
  private static final int MAX_READ = 1 << 20;

  private final CloudStorageSettings settings;
  private final CloudStorageHttp http;
  private final CloudStorageDownload download;

  /**
   * @param spool takes what is fetched; the caller keeps it
   */
  public CloudStorage(
      CloudStorageSettings settings, CloudStorageCredentials credentials, Spool spool) {
    this.settings = settings;
    this.http = new CloudStorageHttp(settings.connectTimeout(), credentials);
    this.download = new CloudStorageDownload(spool, settings.maxObjectSize());
  }

  @Override
  public Optional<LiveObject> fetch(ObjectId object) {
    check(object);
    URI uri = uri(object.bucket(), "/o/" + ObjectName.inUrl(object.name()) + "?alt=media");
    try (DeadlineResponse answer = http.get(uri, settings.fetchTimeout(), object.path())) {
      if (answer.status() == 404) {
        requireBucket(object.bucket());
        return Optional.empty();
      }
      requireOk(answer, object.path());
      return Optional.of(download.receive(object, answer));
    }
  }

  @Override
  public Optional<ObjectAttributes> describe(ObjectId object) {
    check(object);
    String query = "?fields=" + ObjectName.inUrl(CloudStorageObject.FIELDS);
    URI uri = uri(object.bucket(), "/o/" + ObjectName.inUrl(object.name()) + query);
    try (DeadlineResponse answer = http.get(uri, settings.metadataTimeout(), object.path())) {
      if (answer.status() == 404) {
        requireBucket(object.bucket());
        return Optional.empty();
      }
      requireOk(answer, object.path());
      CloudStorageObject resource = json(answer, CloudStorageObject.class, object.path());
      return Optional.of(resource.attributes(object.bucket(), object.name()));
    }
  }

  @Override
  public boolean isReadByModels() {
    return true;
  }

  @Override
  public Optional<byte[]> read(ObjectId object, long from, int length) {
    check(object);
    if (from < 0 || length < 1 || length > MAX_READ) {
      throw new IllegalArgumentException("no range: %d bytes from %d".formatted(length, from));
    }
    URI uri = uri(object.bucket(), "/o/" + ObjectName.inUrl(object.name()) + "?alt=media");
    Duration deadline = settings.metadataTimeout();
    try (DeadlineResponse answer =
        http.get(uri, deadline, object.path(), "bytes=%d-%d".formatted(from, from + length - 1))) {
      return switch (answer.status()) {
        case 404 -> {
          requireBucket(object.bucket());
          yield Optional.empty();
        }
        // From its end on there is nothing.
        case 416 -> Optional.of(new byte[0]);
        case 200, 206 -> part(object, from, length, answer);
        default -> throw CloudStorageErrors.of(answer, object.path());
      };
    }
  }

  private static Optional<byte[]> part(
      ObjectId object, long from, int length, DeadlineResponse answer) {
    if (!answer.header("x-goog-generation").equals(Long.toString(object.generation()))) {
      return Optional.empty();
    }
    try (InputStream body = answer.body()) {
      if (answer.status() == 200) {
        // The whole: some objects, and some proxies, know no ranges.
        body.skipNBytes(from);
      }
      return Optional.of(body.readNBytes(length));
    } catch (EOFException e) {
      return Optional.of(new byte[0]);
    } catch (IOException e) {
      throw CloudStorageErrors.unavailable(
          object.path() + ": Cloud Storage's answer broke off", Duration.ZERO, e);
    }
  }

  @Override
  public Page list(String bucket, String prefix, String pageToken) {
    String fields = "nextPageToken,items(" + CloudStorageObject.FIELDS + ")";
    StringBuilder query = new StringBuilder("/o?maxResults=" + PAGE_SIZE);
    query.append("&fields=").append(ObjectName.inUrl(fields));
    if (!prefix.isEmpty()) {
      query.append("&prefix=").append(ObjectName.inUrl(prefix));
    }
    if (!pageToken.isEmpty()) {
      query.append("&pageToken=").append(ObjectName.inUrl(pageToken));
    }
    String what = "gs://" + bucket;
    URI uri = uri(bucket, query.toString());
    try (DeadlineResponse answer = http.get(uri, settings.metadataTimeout(), what)) {
      if (answer.status() == 404) {
        throw noBucket(bucket);
      }
      requireOk(answer, what);
      CloudStorageObject.Listing page = json(answer, CloudStorageObject.Listing.class, what);
      List<CloudStorageObject> items = page.items() == null ? List.of() : page.items();
      String next = page.nextPageToken() == null ? "" : page.nextPageToken();
      return new Page(items.stream().map(item -> item.attributes(bucket, "?")).toList(), next);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /**
   * A missing object and a missing bucket are both 404 with the same reason. Listing tells them
   * apart, and is allowed: who may not list gets 403 instead of 404 for a missing object.
   */
  private void requireBucket(String bucket) {
    URI uri = uri(bucket, "/o?maxResults=1&fields=kind");
    try (DeadlineResponse answer = http.get(uri, settings.metadataTimeout(), "gs://" + bucket)) {
      if (answer.status() == 404) {
        throw noBucket(bucket);
      }
      requireOk(answer, "gs://" + bucket);
    }
  }

  private static BucketException noBucket(String bucket) {
    return CloudStorageErrors.misconfigured(
        "gs://%s: there is no such bucket; check the trigger's bucket and the base URL"
            .formatted(bucket));
  }

  private static void requireOk(DeadlineResponse answer, String what) {
    if (answer.status() != 200) {
      throw CloudStorageErrors.of(answer, what);
    }
  }

  private static void check(ObjectId object) {
    ObjectName.fault(object.name())
        .ifPresent(
            fault -> {
              throw CloudStorageErrors.refused(fault);
            });
  }

  private static <T> T json(DeadlineResponse answer, Class<T> type, String what) {
    try {
      byte[] body = ContentEncoding.decoded(answer).readNBytes(MAX_JSON);
      return JSON.readValue(body, type);
    } catch (JacksonException e) {
      throw CloudStorageErrors.unavailable(
          what + ": Cloud Storage's answer is not the JSON expected", Duration.ZERO, e);
    } catch (IOException e) {
      throw CloudStorageErrors.unavailable(
          what + ": Cloud Storage's answer broke off", Duration.ZERO, e);
    }
  }

  private URI uri(String bucket, String rest) {
    String base = settings.baseUrl().toString();
    String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return URI.create(trimmed + "/storage/v1/b/" + ObjectName.inUrl(bucket) + rest);
  }
}

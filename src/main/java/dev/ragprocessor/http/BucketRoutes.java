package dev.ragprocessor.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.DirectoryBuckets;
import dev.ragprocessor.bucket.ObjectTooLargeException;
import dev.ragprocessor.store.ObjectId;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.uri.UriEncoding;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a directory's buckets, for the page: {@code GET /buckets}, {@code PUT
 * /buckets/{bucket}/{name}} and {@code DELETE /buckets/{bucket}/{name}}. They do what a person's
 * file manager does, and the watcher tells of it; so they are there for callers on this machine
 * only, where a directory is watched.
 */
final class BucketRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(BucketRoutes.class);
  private static final String LIST = "/buckets";
  private static final String FILE = "/buckets/{bucket}/{+name}";
  private static final int MAX_UPLOADS = 8;
  private static final Duration RETRY_SOON = Duration.ofSeconds(2);

  private final Admission admission;
  private final DirectoryBuckets buckets;
  private final long maxBytes;
  private final Semaphore uploads = new Semaphore(MAX_UPLOADS);

  BucketRoutes(Admission admission, PageSources.Uploads target) {
    this.admission = admission;
    this.buckets = target.buckets();
    this.maxBytes = target.maxBytes();
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get(LIST, this::list)
        .any(LIST, (_, _) -> refuseMethod("GET"))
        .put(FILE, this::put)
        .delete(FILE, this::delete)
        .any(FILE, (_, _) -> refuseMethod("PUT, DELETE"));
  }

  private static void refuseMethod(String allowed) {
    throw Refusal.with(
        Status.METHOD_NOT_ALLOWED_405, "This is asked for by " + allowed, "Allow", allowed);
  }

  private void list(ServerRequest request, ServerResponse response) {
    admission.admit(request);
    ObjectNode json = ApiJson.list("buckets", List.copyOf(buckets.buckets()), ApiJson::named);
    json.put("maxUpload", maxBytes);
    Answers.content(request, response, Status.OK_200, ApiJson.MEDIA_TYPE, ApiJson.bytes(json));
  }

  private void put(ServerRequest request, ServerResponse response) {
    ObjectId object = admitted(request);
    if (RequestBody.length(request) > maxBytes) {
      throw tooLarge();
    }
    if (!uploads.tryAcquire()) {
      throw Refusal.later(
          Status.TOO_MANY_REQUESTS_429,
          "%d files are being uploaded".formatted(MAX_UPLOADS),
          RETRY_SOON);
    }
    long size;
    try {
      size = put(request, object);
    } finally {
      uploads.release();
    }
    LOG.info("Uploaded: {}, {} bytes", object.path(), size);
    response.header(HeaderNames.LOCATION, request.path().rawPath());
    ObjectNode json = ApiJson.uploaded(object, size);
    Answers.content(request, response, Status.CREATED_201, ApiJson.MEDIA_TYPE, ApiJson.bytes(json));
  }

  private long put(ServerRequest request, ObjectId object) {
    // Not closed: that would read what is left of a body that is too large.
    InputStream content =
        request.content().hasEntity()
            ? BoundedConnection.current().upload(request, maxBytes)
            : InputStream.nullInputStream();
    try {
      return buckets.put(object, content, maxBytes);
    } catch (ObjectTooLargeException tooLarge) {
      throw tooLarge();
    } catch (BucketException failure) {
      throw refusal(failure);
    } catch (DataReader.InsufficientDataAvailableException truncated) {
      throw Refusal.at(Status.BAD_REQUEST_400, "body", "The body ended before its length");
    } catch (DataReader.IncorrectNewLineException | NumberFormatException malformed) {
      throw Refusal.at(Status.BAD_REQUEST_400, "body", "The body's chunks are malformed");
    }
  }

  private void delete(ServerRequest request, ServerResponse response) {
    ObjectId object = admitted(request);
    boolean removed;
    try {
      removed = buckets.remove(object);
    } catch (BucketException failure) {
      throw refusal(failure);
    }
    if (!removed) {
      throw Refusal.at(Status.NOT_FOUND_404, "name", "There is no such file");
    }
    LOG.info("Removed: {}", object.path());
    Answers.empty(request, response, Status.NO_CONTENT_204);
  }

  private ObjectId admitted(ServerRequest request) {
    ForeignPages.refuse(request);
    admission.admit(request);
    String path = request.path().rawPath().substring(LIST.length() + 1);
    int slash = path.indexOf('/');
    String bucket = decoded(path.substring(0, slash));
    String name = decoded(path.substring(slash + 1));
    if (bucket.isEmpty() || name.isEmpty()) {
      throw Refusal.at(Status.BAD_REQUEST_400, "name", "Bucket and name must not be empty");
    }
    return new ObjectId(bucket, name, 0);
  }

  /** A plus is a plus in a path, and a blank in a query only. */
  private static String decoded(String path) {
    return UriEncoding.decodeUri(path.replace("+", "%2B"));
  }

  private Refusal tooLarge() {
    return Refusal.at(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "body",
        "A file may have at most %,d bytes (server.max-upload)".formatted(maxBytes));
  }

  private static Refusal refusal(BucketException failure) {
    return switch (failure.kind()) {
      case REFUSED ->
          Refusal.at(Status.BAD_REQUEST_400, "name", String.valueOf(failure.getMessage()));
      case UNAVAILABLE, MISCONFIGURED -> {
        LOG.warn("A bucket's directory cannot be changed", failure);
        yield Refusal.later(
            Status.SERVICE_UNAVAILABLE_503, "The directory cannot be written now", RETRY_SOON);
      }
    };
  }
}

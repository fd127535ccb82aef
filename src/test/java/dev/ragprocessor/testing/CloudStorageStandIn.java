package dev.ragprocessor.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.store.ObjectId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A small Cloud Storage on a free port of the loopback interface: the reading half of its JSON API
 * (media with ranges and checksums, metadata, listings in pages), without versions, with buckets
 * that must be created first, and with faults to order. Its answers follow what Google's own
 * storage testbench and the public documentation say.
 */
public final class CloudStorageStandIn implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "/storage/v1/b/";

  private final Map<String, NavigableMap<String, Stored>> buckets = new ConcurrentHashMap<>();
  private final Set<String> unlisted = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicLong generations = new AtomicLong(1_666_190_425_669_022L);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile int pageSize = 1000;

  /** Promises a server that listens when this returns. */
  public CloudStorageStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Promises the address for {@code CloudStorageSettings}. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Promises an empty bucket, or leaves one as it is. */
  public void createBucket(String bucket) {
    buckets.computeIfAbsent(bucket, name -> new ConcurrentSkipListMap<>());
  }

  /** Promises a new generation of an object, in a bucket that is made when missing. */
  public ObjectAttributes put(String bucket, String name, byte[] content) {
    return put(bucket, name, content, "application/octet-stream", "");
  }

  /**
   * Promises a new generation of an object.
   *
   * @param content the stored bytes
   * @param contentEncoding what the metadata says, empty for nothing
   */
  public ObjectAttributes put(
      String bucket, String name, byte[] content, String contentType, String contentEncoding) {
    return store(bucket, name, content, contentType, contentEncoding, false);
  }

  /** Promises an object that only the customer's own key opens. */
  public ObjectAttributes putCustomerEncrypted(String bucket, String name) {
    return store(bucket, name, new byte[] {1, 2, 3}, "text/plain", "", true);
  }

  private ObjectAttributes store(
      String bucket,
      String name,
      byte[] content,
      String contentType,
      String contentEncoding,
      boolean encrypted) {
    createBucket(bucket);
    long generation = generations.incrementAndGet();
    Stored stored =
        new Stored(generation, content.clone(), contentType, contentEncoding, encrypted);
    objects(bucket).put(name, stored);
    return stored.attributes(bucket, name);
  }

  /** Promises that listings miss this object from now on, as one does that was begun before it. */
  public void leaveOutOfListings(String name) {
    unlisted.add(name);
  }

  /** Promises that there is no live object of this name. */
  public void delete(String bucket, String name) {
    objects(bucket).remove(name);
  }

  /** Promises that the next request ends so; several are taken in the order they were ordered. */
  public void order(Fault fault) {
    faults.add(fault);
  }

  /** Promises at most so many objects on a page. */
  public void pageSize(int objects) {
    pageSize = objects;
  }

  /** Promises the requests so far, in order of arrival. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private NavigableMap<String, Stored> objects(String bucket) {
    NavigableMap<String, Stored> objects = buckets.get(bucket);
    if (objects == null) {
      throw new IllegalArgumentException("there is no bucket " + bucket);
    }
    return objects;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      String query = exchange.getRequestURI().getRawQuery();
      requests.add(
          new Request(
              path,
              query == null ? "" : query,
              first(exchange, "Authorization"),
              first(exchange, "Accept-Encoding"),
              first(exchange, "Range")));
      Fault fault = faults.poll();
      if (fault instanceof Fault.Status status) {
        if (!status.retryAfter().isEmpty()) {
          exchange.getResponseHeaders().set("Retry-After", status.retryAfter());
        }
        error(exchange, status.code(), status.reason());
        return;
      }
      route(exchange, path, parameters(query), fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void route(
      HttpExchange exchange, String path, Map<String, String> parameters, @Nullable Fault fault)
      throws IOException, InterruptedException {
    String[] parts =
        path.startsWith(PREFIX) ? path.substring(PREFIX.length()).split("/", -1) : new String[0];
    NavigableMap<String, Stored> bucket = parts.length < 2 ? null : buckets.get(decode(parts[0]));
    if (bucket == null || !parts[1].equals("o") || parts.length > 3) {
      error(exchange, 404, "notFound");
    } else if (parts.length == 2) {
      list(exchange, decode(parts[0]), bucket, parameters);
    } else {
      object(exchange, decode(parts[0]), decode(parts[2]), bucket, parameters, fault);
    }
  }

  private void object(
      HttpExchange exchange,
      String bucket,
      String name,
      NavigableMap<String, Stored> objects,
      Map<String, String> parameters,
      @Nullable Fault fault)
      throws IOException, InterruptedException {
    Stored stored = objects.get(name);
    String generation = parameters.get("generation");
    String match = parameters.get("ifGenerationMatch");
    if (stored == null
        || (generation != null && !generation.equals(Long.toString(stored.generation)))) {
      error(exchange, 404, "notFound");
    } else if (match != null && !match.equals(Long.toString(stored.generation))) {
      error(exchange, 412, "conditionNotMet");
    } else if (!"media".equals(parameters.get("alt"))) {
      json(exchange, 200, stored.resource(bucket, name));
    } else if (stored.encrypted) {
      error(exchange, 400, "resourceIsEncryptedWithCustomerEncryptionKey");
    } else {
      media(exchange, stored, fault);
    }
  }

  private void media(HttpExchange exchange, Stored stored, @Nullable Fault fault)
      throws IOException, InterruptedException {
    boolean gzip = stored.contentEncoding.equals("gzip");
    boolean asStored = !gzip || first(exchange, "Accept-Encoding").contains("gzip");
    String crc32c = fault instanceof Fault.WrongChecksum ? "AAAAAA==" : stored.crc32c();
    var headers = exchange.getResponseHeaders();
    headers.set("x-goog-generation", Long.toString(stored.generation));
    headers.set("x-goog-metageneration", "1");
    headers.set("x-goog-stored-content-length", Integer.toString(stored.content.length));
    headers.set("x-goog-stored-content-encoding", gzip ? "gzip" : "identity");
    if (!(fault instanceof Fault.NoChecksum)) {
      headers.add("x-goog-hash", "crc32c=" + crc32c);
    }
    headers.set("Content-Type", stored.contentType);
    if (gzip && asStored) {
      headers.set("Content-Encoding", "gzip");
    }
    byte[] body = asStored ? stored.content : gunzip(stored.content);
    int status = 200;
    String range = first(exchange, "Range");
    if (range.startsWith("bytes=")) {
      String[] ends = range.substring(6).split("-", -1);
      int from = Integer.parseInt(ends[0]);
      if (from >= body.length) {
        headers.set("Content-Range", "bytes */" + body.length);
        error(exchange, 416, "requestedRangeNotSatisfiable");
        return;
      }
      int to =
          ends[1].isEmpty()
              ? body.length - 1
              : Math.min(Integer.parseInt(ends[1]), body.length - 1);
      headers.set("Content-Range", "bytes %d-%d/%d".formatted(from, to, body.length));
      body = Arrays.copyOfRange(body, from, to + 1);
      status = 206;
    }
    send(exchange, status, body, fault);
  }

  private void send(HttpExchange exchange, int status, byte[] body, @Nullable Fault fault)
      throws IOException, InterruptedException {
    if (fault instanceof Fault.Chunked) {
      exchange.sendResponseHeaders(status, 0);
    } else {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    }
    if (fault instanceof Fault.BrokenStream broken) {
      exchange.getResponseBody().write(body, 0, Math.min(broken.after(), body.length - 1));
      exchange.getResponseBody().flush();
    } else if (fault instanceof Fault.StalledBody stalled) {
      exchange.getResponseBody().write(body, 0, Math.min(stalled.after(), body.length - 1));
      exchange.getResponseBody().flush();
      closed.await();
    } else {
      exchange.getResponseBody().write(body);
    }
  }

  private void list(
      HttpExchange exchange,
      String bucket,
      NavigableMap<String, Stored> objects,
      Map<String, String> parameters)
      throws IOException {
    String prefix = parameters.getOrDefault("prefix", "");
    String token = parameters.getOrDefault("pageToken", "");
    String after = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    int asked = Integer.parseInt(parameters.getOrDefault("maxResults", "1000"));
    List<Map<String, Object>> items = new ArrayList<>();
    String last = "";
    boolean more = false;
    for (Map.Entry<String, Stored> entry : objects.tailMap(after, after.isEmpty()).entrySet()) {
      if (entry.getKey().startsWith(prefix) && !unlisted.contains(entry.getKey())) {
        if (items.size() == Math.min(asked, pageSize)) {
          more = true;
          break;
        }
        items.add(entry.getValue().resource(bucket, entry.getKey()));
        last = entry.getKey();
      }
    }
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("kind", "storage#objects");
    if (more) {
      byte[] name = last.getBytes(StandardCharsets.UTF_8);
      page.put("nextPageToken", Base64.getUrlEncoder().encodeToString(name));
    }
    if (!items.isEmpty()) {
      page.put("items", items);
    }
    json(exchange, 200, page);
  }

  private static void error(HttpExchange exchange, int status, String reason) throws IOException {
    Map<String, Object> error =
        Map.of(
            "code",
            status,
            "message",
            reason,
            "errors",
            List.of(Map.of("domain", "global", "reason", reason, "message", reason)));
    json(exchange, status, Map.of("error", error));
  }

  private static void json(HttpExchange exchange, int status, Map<String, ?> value)
      throws IOException {
    byte[] body = bytes(value);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] bytes(Map<String, ?> value) throws JsonProcessingException {
    return JSON.writeValueAsBytes(value);
  }

  private static byte[] gunzip(byte[] content) throws IOException {
    try (GZIPInputStream input = new GZIPInputStream(new ByteArrayInputStream(content))) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      input.transferTo(output);
      return output.toByteArray();
    }
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  /** In a path, unlike in a form, a plus is a plus. */
  private static String decode(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String first(HttpExchange exchange, String header) {
    String value = exchange.getRequestHeaders().getFirst(header);
    return value == null ? "" : value;
  }

  /**
   * What was asked.
   *
   * @param path as sent, still percent-encoded
   * @param query as sent, empty when there was none
   * @param authorization the header's value, empty when there was none
   * @param acceptEncoding the header's value, empty when there was none
   * @param range the header's value, empty when there was none
   */
  public record Request(
      String path, String query, String authorization, String acceptEncoding, String range) {
    /** Whether it asks for a whole object's bytes. */
    public boolean isDownload() {
      return query.contains("alt=media") && range.isEmpty();
    }
  }

  /** What goes wrong with one request. */
  public sealed interface Fault {
    /**
     * Another status than the right one.
     *
     * @param retryAfter the header's value, empty for none
     */
    record Status(int code, String reason, String retryAfter) implements Fault {}

    /** The connection ends after so many bytes of the body. */
    record BrokenStream(int after) implements Fault {}

    /** The body stops after so many bytes, and the connection stays open. */
    record StalledBody(int after) implements Fault {}

    /** The body comes without a Content-Length. */
    record Chunked() implements Fault {}

    /** The checksum in the header is another's. */
    record WrongChecksum() implements Fault {}

    /** There is no checksum in the headers. */
    record NoChecksum() implements Fault {}
  }

  private static final class Stored {
    private final long generation;
    private final byte[] content;
    private final String contentType;
    private final String contentEncoding;
    private final boolean encrypted;

    Stored(
        long generation,
        byte[] content,
        String contentType,
        String contentEncoding,
        boolean encrypted) {
      this.generation = generation;
      this.content = content;
      this.contentType = contentType;
      this.contentEncoding = contentEncoding;
      this.encrypted = encrypted;
    }

    String crc32c() {
      CRC32C crc32c = new CRC32C();
      crc32c.update(content);
      byte[] value = ByteBuffer.allocate(4).putInt((int) crc32c.getValue()).array();
      return Base64.getEncoder().encodeToString(value);
    }

    ObjectAttributes attributes(String bucket, String name) {
      return new ObjectAttributes(
          new ObjectId(bucket, name, generation),
          1,
          contentType,
          content.length,
          encrypted ? "" : crc32c(),
          encrypted);
    }

    Map<String, Object> resource(String bucket, String name) {
      Map<String, Object> resource = new LinkedHashMap<>();
      resource.put("kind", "storage#object");
      resource.put("bucket", bucket);
      resource.put("name", name);
      resource.put("generation", Long.toString(generation));
      resource.put("metageneration", "1");
      resource.put("contentType", contentType);
      resource.put("size", Integer.toString(content.length));
      if (encrypted) {
        resource.put(
            "customerEncryption", Map.of("encryptionAlgorithm", "AES256", "keySha256", "x"));
      } else {
        resource.put("crc32c", crc32c());
      }
      return resource;
    }
  }
}

package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The File API behind a {@link GeminiStandIn}: resumable uploads as the SDK makes them, files that
 * are being processed for a while, and files that are deleted. Safe for use by many threads.
 */
final class GeminiFileStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  private final Map<String, Stored> files = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private volatile int looksUntilActive;
  private volatile String endState = "ACTIVE";

  private static final class Upload {
    final String mediaType;
    final ByteArrayOutputStream content = new ByteArrayOutputStream();

    Upload(String mediaType) {
      this.mediaType = mediaType;
    }
  }

  private static final class Stored {
    final String mediaType;
    final byte[] content;
    final AtomicInteger looks = new AtomicInteger();

    Stored(String mediaType, byte[] content) {
      this.mediaType = mediaType;
      this.content = content;
    }
  }

  /** Lets a file be looked at so often before its processing ends in a state. */
  void processFor(int looks, String state) {
    looksUntilActive = looks;
    endState = state;
  }

  int count() {
    return files.size();
  }

  /** The medium with its bytes, when it names a file here that is ready. */
  GeminiMedium resolve(GeminiMedium medium) throws GeminiRejection {
    Stored file = files.get(medium.uri().replaceFirst("^.*/v1beta/", ""));
    if (file == null) {
      throw new GeminiRejection(
          403, "PERMISSION_DENIED", "no permission for the file, or it does not exist");
    }
    if (!state(file).equals("ACTIVE")) {
      throw new GeminiRejection(400, "FAILED_PRECONDITION", "The file is not in an ACTIVE state.");
    }
    return new GeminiMedium(
        medium.uri(),
        medium.mediaType(),
        medium.start(),
        medium.end(),
        Base64.getEncoder().encodeToString(file.content));
  }

  /**
   * Answers a request to the File API.
   *
   * @return the body; headers of the answer are set on the exchange
   */
  String answer(HttpExchange exchange, String base, byte[] body) throws GeminiRejection {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/upload/v1beta/files")) {
      String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
      return query.contains("upload_id=")
          ? receive(exchange, base, query.replaceFirst(".*upload_id=([^&]*).*", "$1"), body)
          : begin(exchange, base, body);
    }
    String name = path.substring("/v1beta/".length());
    Stored file = files.get(name);
    if (file == null) {
      throw GeminiRejection.notFound("no such file: " + name);
    }
    if (exchange.getRequestMethod().equals("DELETE")) {
      files.remove(name);
      return "{}";
    }
    file.looks.incrementAndGet();
    return described(base, name, file).toString();
  }

  private String begin(HttpExchange exchange, String base, byte[] body) throws GeminiRejection {
    if (!"start".equals(header(exchange, "X-Goog-Upload-Command"))
        || !"resumable".equals(header(exchange, "X-Goog-Upload-Protocol"))) {
      throw GeminiRejection.invalid("not the start of a resumable upload");
    }
    String declared = header(exchange, "X-Goog-Upload-Header-Content-Type");
    JsonNode file;
    try {
      file = JSON.readTree(body).path("file");
    } catch (IOException e) {
      throw GeminiRejection.invalid("no JSON");
    }
    if (!declared.equals(file.path("mimeType").asText())) {
      throw GeminiRejection.invalid("two media types");
    }
    String id = "u" + numbers.incrementAndGet();
    uploads.put(id, new Upload(declared));
    exchange
        .getResponseHeaders()
        .set(
            "X-Goog-Upload-URL",
            base + "/upload/v1beta/files?upload_id=" + id + "&upload_protocol=resumable");
    exchange.getResponseHeaders().set("X-Goog-Upload-Status", "active");
    return "";
  }

  private String receive(HttpExchange exchange, String base, String id, byte[] body)
      throws GeminiRejection {
    Upload upload = uploads.get(id);
    if (upload == null) {
      throw GeminiRejection.notFound("no such upload");
    }
    if (!Integer.toString(upload.content.size()).equals(header(exchange, "X-Goog-Upload-Offset"))) {
      throw GeminiRejection.invalid("the offset is not where the upload is");
    }
    upload.content.writeBytes(body);
    if (!header(exchange, "X-Goog-Upload-Command").contains("finalize")) {
      exchange.getResponseHeaders().set("X-Goog-Upload-Status", "active");
      return "";
    }
    exchange.getResponseHeaders().set("X-Goog-Upload-Status", "final");
    String name = "files/f" + numbers.incrementAndGet();
    Stored file = new Stored(upload.mediaType, upload.content.toByteArray());
    files.put(name, file);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("file", described(base, name, file));
    return answer.toString();
  }

  private ObjectNode described(String base, String name, Stored file) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("mimeType", file.mediaType)
        .put("sizeBytes", Integer.toString(file.content.length))
        .put("uri", base + "/v1beta/" + name)
        .put("state", state(file));
  }

  private String state(Stored file) {
    return file.looks.get() < looksUntilActive ? "PROCESSING" : endState;
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }
}

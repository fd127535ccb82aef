package dev.ragprocessor.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gemini on this machine: speaks the recorded wire format of the Gemini Developer API and of Vertex
 * AI over real HTTP, checks what it is sent as the real one does, and fails as it is told. A key in
 * a URL fails the request.
 *
 * <p>Safe for use by many threads; faults are taken one a request, in the order they were given.
 */
public final class GeminiStandIn implements AutoCloseable {
  /** The only key that it takes. */
  public static final String KEY = "test-key-that-nobody-may-see";

  /** The only access token that it takes. */
  public static final String TOKEN = "test-token-that-nobody-may-see";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<GeminiCall> calls = new CopyOnWriteArrayList<>();
  private final Queue<GeminiFault> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final List<AimedFault> aimed = new CopyOnWriteArrayList<>();
  private final GeminiFileStore files = new GeminiFileStore();
  private final AtomicInteger fileRequests = new AtomicInteger();
  private volatile int textsPerPrediction = 250;
  private volatile Function<GeminiMedium, String> meaning = GeminiMedium::toString;
  private volatile Duration latency = Duration.ZERO;
  private volatile @Nullable TokenBucket quota;

  private GeminiStandIn(HttpServer server) {
    this.server = server;
  }

  /** Starts on a free port of the loopback interface. */
  public static GeminiStandIn start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    GeminiStandIn standIn = new GeminiStandIn(server);
    server.createContext("/", standIn::serve);
    server.setExecutor(standIn.threads);
    server.start();
    return standIn;
  }

  /** The address to give to the SDK. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Fails the next requests, one fault each. */
  public void fail(GeminiFault... next) {
    faults.addAll(List.of(next));
  }

  /** Fails the next requests of one sort, one fault each. */
  public void failWhere(Predicate<GeminiCall> sort, GeminiFault... next) {
    for (GeminiFault fault : next) {
      aimed.add(new AimedFault(sort, fault));
    }
  }

  /** Gives media their meaning: what the models say of them, and what their vectors stand for. */
  public void setMeaning(Function<GeminiMedium, String> of) {
    meaning = of;
  }

  /** Lets an uploaded file be looked at so often before its processing ends in a state. */
  public void processFilesFor(int looks, String state) {
    files.processFor(looks, state);
  }

  /** How many uploaded files there are now. */
  public int files() {
    return files.count();
  }

  /** How many requests to the File API there were. */
  public int fileRequests() {
    return fileRequests.get();
  }

  /** Lets every answer take at least this long. */
  public void setLatency(Duration duration) {
    latency = duration;
  }

  /** Answers 429 with RetryInfo beyond so many requests a second. */
  public void setQuota(double perSecond, int burst) {
    quota = new TokenBucket(perSecond, burst);
  }

  /** Takes so many texts in one {@code predict}; reports differ for gemini-embedding-001. */
  public void setTextsPerPrediction(int count) {
    textsPerPrediction = count;
  }

  /** Every request so far, in the order they came. */
  public List<GeminiCall> calls() {
    return List.copyOf(calls);
  }

  /** The most requests that were in hand at one time. */
  public int mostAtOnce() {
    return mostRunning.get();
  }

  /** Stops, and ends what it is still being slow about. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    GeminiFault.Answer answer;
    boolean hangUp = false;
    try {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Map<String, String> headers =
          exchange.getRequestHeaders().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      header -> header.getKey().toLowerCase(Locale.ROOT),
                      header -> header.getValue().getFirst()));
      String path = exchange.getRequestURI().getRawPath();
      if (path.matches("(/upload)?/v1beta/files(/.*)?")) {
        fileRequests.incrementAndGet();
        await(latency);
        answer = file(exchange, headers, body);
      } else {
        Optional<GeminiCall> call = call(exchange, path, headers, body);
        await(latency);
        GeminiFault fault = call.map(this::fault).orElse(null);
        hangUp = fault instanceof GeminiFault.HangUp;
        answer =
            call.isEmpty()
                ? error(404, "NOT_FOUND", "no such path", "")
                : answer(call.get(), fault);
      }
    } finally {
      // Before the answer: whoever reads it may send the next request at once.
      running.decrementAndGet();
    }
    try (exchange) {
      if (hangUp) {
        hangUp(exchange, answer);
      } else {
        send(exchange, answer);
      }
    }
  }

  private Optional<GeminiCall> call(
      HttpExchange exchange, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    Optional<GeminiCall> call = GeminiCall.of(path, query, headers, JSON.readTree(body));
    call.ifPresent(calls::add);
    return call;
  }

  private @Nullable GeminiFault fault(GeminiCall call) {
    Optional<AimedFault> found =
        aimed.stream().filter(each -> each.sort().test(call)).findFirst().filter(aimed::remove);
    return found.map(AimedFault::fault).orElseGet(faults::poll);
  }

  private GeminiFault.Answer answer(GeminiCall call, @Nullable GeminiFault fault)
      throws IOException {
    return switch (fault) {
      case null -> right(call);
      case GeminiFault.Answer answer -> answer;
      case GeminiFault.Slow slow -> {
        await(slow.delay());
        yield right(call);
      }
      case GeminiFault.HangUp _ -> right(call);
      case GeminiFault.Changed changed -> {
        GeminiFault.Answer right = right(call);
        JsonNode body = changed.change().apply(JSON.readTree(right.body()));
        yield new GeminiFault.Answer(right.status(), body.toString(), Map.of());
      }
    };
  }

  private GeminiFault.Answer file(HttpExchange exchange, Map<String, String> headers, byte[] body) {
    try {
      String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
      authenticate(false, exchange.getRequestURI().getPath(), query, headers);
      return new GeminiFault.Answer(200, files.answer(exchange, baseUrl(), body), Map.of());
    } catch (GeminiRejection e) {
      return error(e.code, e.status, String.valueOf(e.getMessage()), e.details);
    }
  }

  private GeminiFault.Answer right(GeminiCall call) {
    TokenBucket limit = quota;
    Duration wait = limit == null ? Duration.ZERO : limit.take(System.nanoTime());
    if (!wait.isZero()) {
      return (GeminiFault.Answer) GeminiFault.exhausted(wait.toMillis() / 1e3 + "s");
    }
    try {
      authenticate(call.vertex(), call.path(), call.query(), call.headers());
      ObjectNode answer =
          call.verb().equals("generateContent")
              ? new GeminiGeneration(meaning).answer(call, files)
              : new GeminiEmbeddings(textsPerPrediction, meaning).answer(call, files);
      return new GeminiFault.Answer(200, answer.toString(), Map.of());
    } catch (GeminiRejection e) {
      return error(e.code, e.status, String.valueOf(e.getMessage()), e.details);
    }
  }

  private static void authenticate(
      boolean vertex, String path, String query, Map<String, String> headers)
      throws GeminiRejection {
    if (query.contains("key=") || path.contains(KEY)) {
      throw new GeminiRejection(400, "INVALID_ARGUMENT", "a key in the URL");
    }
    String key = headers.get("x-goog-api-key");
    if (vertex) {
      if (!("Bearer " + TOKEN).equals(headers.get("authorization"))) {
        throw new GeminiRejection(401, "UNAUTHENTICATED", "no valid credentials");
      }
    } else if (key == null) {
      throw new GeminiRejection(403, "PERMISSION_DENIED", "no established identity");
    } else if (!key.equals(KEY)) {
      throw new GeminiRejection(
          400,
          "INVALID_ARGUMENT",
          "API key not valid: " + key,
          "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}");
    }
  }

  private static GeminiFault.Answer error(int code, String status, String message, String details) {
    try {
      return new GeminiFault.Answer(
          code,
          "{\"error\":{\"code\":%d,\"message\":%s,\"status\":\"%s\",\"details\":[%s]}}"
              .formatted(code, JSON.writeValueAsString(message), status, details),
          Map.of());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private record AimedFault(Predicate<GeminiCall> sort, GeminiFault fault) {}

  private static void send(HttpExchange exchange, GeminiFault.Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void hangUp(HttpExchange exchange, GeminiFault.Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body, 0, body.length / 2);
    exchange.getResponseBody().flush();
  }

  private void await(Duration duration) throws IOException {
    try {
      if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

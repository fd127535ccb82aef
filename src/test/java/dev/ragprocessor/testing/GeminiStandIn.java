package dev.ragprocessor.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  private volatile GeminiEmbeddings embeddings = new GeminiEmbeddings(250);
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
    embeddings = new GeminiEmbeddings(count);
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
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Map<String, String> headers =
          exchange.getRequestHeaders().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      header -> header.getKey().toLowerCase(Locale.ROOT),
                      header -> header.getValue().getFirst()));
      String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
      Optional<GeminiCall> call =
          GeminiCall.of(exchange.getRequestURI().getRawPath(), query, headers, JSON.readTree(body));
      if (call.isEmpty()) {
        send(exchange, error(404, "NOT_FOUND", "no such path", ""));
        return;
      }
      calls.add(call.get());
      await(latency);
      answer(exchange, call.get());
    } finally {
      running.decrementAndGet();
    }
  }

  private void answer(HttpExchange exchange, GeminiCall call) throws IOException {
    GeminiFault fault = faults.poll();
    switch (fault) {
      case null -> send(exchange, right(call));
      case GeminiFault.Answer answer -> send(exchange, answer);
      case GeminiFault.Slow slow -> {
        await(slow.delay());
        send(exchange, right(call));
      }
      case GeminiFault.HangUp _ -> hangUp(exchange, right(call));
      case GeminiFault.Changed changed -> {
        GeminiFault.Answer right = right(call);
        JsonNode body = changed.change().apply(JSON.readTree(right.body()));
        send(exchange, new GeminiFault.Answer(right.status(), body.toString(), Map.of()));
      }
    }
  }

  private GeminiFault.Answer right(GeminiCall call) {
    TokenBucket limit = quota;
    Duration wait = limit == null ? Duration.ZERO : limit.take(System.nanoTime());
    if (!wait.isZero()) {
      return (GeminiFault.Answer) GeminiFault.exhausted(wait.toMillis() / 1e3 + "s");
    }
    try {
      authenticate(call);
      return new GeminiFault.Answer(200, embeddings.answer(call).toString(), Map.of());
    } catch (GeminiEmbeddings.Rejection e) {
      return error(e.code, e.status, String.valueOf(e.getMessage()), e.details);
    }
  }

  private static void authenticate(GeminiCall call) throws GeminiEmbeddings.Rejection {
    if (call.query().contains("key=") || call.path().contains(KEY)) {
      throw new GeminiEmbeddings.Rejection(400, "INVALID_ARGUMENT", "a key in the URL");
    }
    String key = call.headers().get("x-goog-api-key");
    if (call.vertex()) {
      if (!("Bearer " + TOKEN).equals(call.headers().get("authorization"))) {
        throw new GeminiEmbeddings.Rejection(401, "UNAUTHENTICATED", "no valid credentials");
      }
    } else if (key == null) {
      throw new GeminiEmbeddings.Rejection(403, "PERMISSION_DENIED", "no established identity");
    } else if (!key.equals(KEY)) {
      throw new GeminiEmbeddings.Rejection(
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

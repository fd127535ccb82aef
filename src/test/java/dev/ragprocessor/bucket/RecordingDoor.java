package dev.ragprocessor.bucket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A door that writes down what is posted to it, and refuses what it is told to refuse. */
final class RecordingDoor implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Integer> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile String retryAfter = "";

  RecordingDoor() throws IOException {
    this(0);
  }

  RecordingDoor(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  /** The next request is answered with this status, several in their order. */
  void refuse(int status) {
    refusals.add(status);
  }

  void retryAfter(String value) {
    retryAfter = value;
  }

  int refused() {
    return refused.get();
  }

  /** What was accepted, in order of arrival. */
  List<Event> events() {
    return List.copyOf(events);
  }

  /** The accepted events, each as "change bucket/name". */
  List<String> told() {
    return events.stream()
        .map(
            event ->
                event.change() + " " + event.body().get("id").asText().replaceAll("/\\d+$", ""))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Integer status = refusals.poll();
      if (status != null) {
        refused.incrementAndGet();
        if (!retryAfter.isEmpty()) {
          exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      events.add(
          new Event(header(exchange, "ce-id"), header(exchange, "ce-type"), JSON.readTree(body)));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  record Event(String id, String type, JsonNode body) {
    String change() {
      return type.substring(type.lastIndexOf('.') + 1);
    }

    long generation() {
      return Long.parseLong(body.get("generation").textValue());
    }
  }
}

package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One Pub/Sub pull subscription on a free port of the loopback interface, over the REST API: a pull
 * is held open while there is nothing, as long as {@code X-Server-Timeout} allows, and then
 * answered 504; a message is leased to whoever pulled it, comes again under another {@code ackId}
 * when its lease ends, and never after its acknowledgement. Its requests and answers have the form
 * of the API's reference (projects.subscriptions), int64 and base64 included.
 */
public final class PubSubStandIn implements AutoCloseable {
  /** The subscription that there is. */
  public static final String NAME = "projects/mill-1/subscriptions/rag-dead-letters";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition published = lock.newCondition();
  private final Map<String, Kept> messages = new LinkedHashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Duration deadline;
  private final HttpServer server;
  private int refusal;
  private long next = 4_294_967_296L;

  /**
   * Promises a server that listens when this returns.
   *
   * @param deadline how long a message is leased to whoever pulled it
   */
  public PubSubStandIn(Duration deadline) throws IOException {
    this.deadline = deadline;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/" + NAME + ":", this::answer);
    server.start();
  }

  /** Promises the address of the API. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Promises a message in the subscription, and its id. */
  public String publish(byte[] data, Map<String, String> attributes) {
    lock.lock();
    try {
      String id = Long.toString(next++);
      ObjectNode message = JSON.createObjectNode();
      message.put("data", Base64.getEncoder().encodeToString(data));
      message.set("attributes", JSON.valueToTree(attributes));
      message.put("messageId", id);
      message.put("publishTime", Instant.now().toString());
      messages.put(id, new Kept(message));
      published.signalAll();
      return id;
    } finally {
      lock.unlock();
    }
  }

  /** Promises the ids of the messages that were not acknowledged. */
  public List<String> unacknowledged() {
    lock.lock();
    try {
      return List.copyOf(messages.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** How many of them are leased to nobody at this moment. */
  public long free() {
    lock.lock();
    try {
      return messages.values().stream().filter(Kept::isFree).count();
    } finally {
      lock.unlock();
    }
  }

  /** Promises that every request is answered so from now on; 0 for none. */
  public void refuseWith(int status) {
    lock.lock();
    try {
      refusal = status;
    } finally {
      lock.unlock();
    }
  }

  /** Promises the requests so far. */
  public List<Request> requests() {
    lock.lock();
    try {
      return List.copyOf(requests);
    } finally {
      lock.unlock();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = path.substring(path.lastIndexOf(':') + 1);
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      String seconds = exchange.getRequestHeaders().getFirst("X-Server-Timeout");
      Answer answer =
          answer(
              method,
              body,
              authorization == null ? "" : authorization,
              Duration.ofMillis(
                  seconds == null ? 90_000 : (long) (1000 * Double.parseDouble(seconds))));
      byte[] json = JSON.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
      exchange.sendResponseHeaders(answer.status(), json.length);
      exchange.getResponseBody().write(json);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(String method, JsonNode body, String authorization, Duration timeout)
      throws InterruptedException {
    lock.lock();
    try {
      requests.add(new Request(method, body, authorization));
      if (refusal != 0) {
        return Answer.error(refusal, "REFUSED");
      }
      ObjectNode answer = JSON.createObjectNode();
      switch (method) {
        case "pull" -> {
          if (!pull(answer, body.path("maxMessages").asInt(), timeout)) {
            return Answer.error(504, "DEADLINE_EXCEEDED");
          }
        }
        case "acknowledge" ->
            body.path("ackIds")
                .forEach(id -> messages.values().removeIf(kept -> kept.isLeasedAs(id.asText())));
        case "modifyAckDeadline" -> {
          Duration lease = Duration.ofSeconds(body.path("ackDeadlineSeconds").asLong());
          for (JsonNode id : body.path("ackIds")) {
            messages.values().stream()
                .filter(kept -> kept.isLeasedAs(id.asText()))
                .forEach(kept -> kept.leasedUntil = System.nanoTime() + lease.toNanos());
          }
          published.signalAll();
        }
        default -> {
          return new Answer(404, answer);
        }
      }
      return new Answer(200, answer);
    } finally {
      lock.unlock();
    }
  }

  private boolean pull(ObjectNode answer, int most, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (messages.values().stream().noneMatch(Kept::isFree) && System.nanoTime() < end) {
      boolean _ = published.await(20, TimeUnit.MILLISECONDS); // a lease ends without a signal
    }
    List<Kept> free = messages.values().stream().filter(Kept::isFree).limit(most).toList();
    if (free.isEmpty()) {
      return false;
    }
    ArrayNode received = answer.putArray("receivedMessages");
    for (Kept kept : free) {
      kept.ackId = UUID.randomUUID().toString();
      kept.leasedUntil = System.nanoTime() + deadline.toNanos();
      ObjectNode one = received.addObject();
      one.put("ackId", kept.ackId);
      one.set("message", kept.message);
    }
    return true;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** What was asked, by the method's name. */
  public record Request(String method, JsonNode body, String authorization) {}

  private record Answer(int status, ObjectNode body) {
    static Answer error(int status, String code) {
      ObjectNode body = JSON.createObjectNode();
      body.putObject("error").put("code", status).put("message", "no").put("status", code);
      return new Answer(status, body);
    }
  }

  private static final class Kept {
    private final ObjectNode message;
    private String ackId = "";
    private long leasedUntil = System.nanoTime();

    Kept(ObjectNode message) {
      this.message = message;
    }

    boolean isFree() {
      return System.nanoTime() - leasedUntil >= 0;
    }

    boolean isLeasedAs(String id) {
      return id.equals(ackId) && !isFree();
    }
  }
}

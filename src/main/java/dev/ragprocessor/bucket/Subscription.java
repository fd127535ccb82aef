package dev.ragprocessor.bucket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.db.Database;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A Pub/Sub pull subscription over its REST API (projects.subscriptions: pull, acknowledge,
 * modifyAckDeadline). A message that is not acknowledged comes again when its lease ends. Nothing
 * is retried here. Safe for use by many threads; every call blocks, is bounded in time, and must be
 * made outside a database scope.
 */
public final class Subscription implements AutoCloseable {
  /** Google's own. */
  public static final URI GOOGLE = URI.create("https://pubsub.googleapis.com");

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * Google's APIs end a request then by themselves, with 504. A pull that only its caller has given
   * up may still lease messages, which come to nobody until their deadline (google-cloud-php#710).
   */
  private static final String SERVER_TIMEOUT = "X-Server-Timeout";

  /** For an answer to arrive that Pub/Sub has given in time. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

  /** A message has 10 MB at most, a third more in base64; a pull answers far less than this. */
  private static final int MAX_ANSWER = 64 << 20;

  /** A request has at most 512 KiB (Pub/Sub, "Quotas and limits"), and an id some 200 bytes. */
  private static final int MAX_ACK_IDS = 1_000;

  private final SubscriptionName name;
  private final URI endpoint;
  private final PubSubCredentials credentials;
  private final HttpClient client;

  /**
   * @param endpoint scheme and host; Google's own or an emulator's
   */
  public Subscription(SubscriptionName name, URI endpoint, PubSubCredentials credentials) {
    this.name = name;
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
  }

  /** Promises what it is called. */
  public SubscriptionName name() {
    return name;
  }

  /**
   * Promises messages that are leased to the caller for the subscription's acknowledgement
   * deadline; fewer than asked for is no sign that there are no more.
   *
   * @param most 1 to 1,000
   * @param wait for the first message: Pub/Sub keeps the request open while there is none
   * @return none when none came in that time
   * @throws SubscriptionException when Pub/Sub cannot be asked or refuses
   */
  public List<PulledMessage> pull(int most, Duration wait) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("maxMessages", most);
    JsonNode answer;
    try {
      answer = post("pull", request, wait);
    } catch (HttpTimeoutException e) {
      return List.of(); // the usual answer of an empty subscription
    } catch (IOException e) {
      throw unanswered("pull", e);
    }
    List<PulledMessage> pulled = new ArrayList<>();
    for (JsonNode received : answer.path("receivedMessages")) {
      JsonNode message = received.path("message");
      pulled.add(
          new PulledMessage(
              received.path("ackId").asText(), message.path("messageId").asText(), message));
    }
    return List.copyOf(pulled);
  }

  /** Promises that these deliveries are done with; one whose lease has ended may come again. */
  public void acknowledge(Collection<String> ackIds) {
    change("acknowledge", JsonNodeFactory.instance.objectNode(), ackIds);
  }

  /**
   * Promises that these deliveries are leased for so long from now.
   *
   * @param lease up to 10 minutes, whole seconds; none gives them back at once
   */
  public void lease(Collection<String> ackIds, Duration lease) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    change("modifyAckDeadline", request.put("ackDeadlineSeconds", lease.toSeconds()), ackIds);
  }

  private void change(String method, ObjectNode request, Collection<String> ackIds) {
    List<String> left = List.copyOf(ackIds);
    while (!left.isEmpty()) {
      List<String> some = left.subList(0, Math.min(MAX_ACK_IDS, left.size()));
      some.forEach(request.putArray("ackIds")::add);
      try {
        post(method, request, TIMEOUT);
      } catch (IOException e) {
        throw unanswered(method, e);
      }
      left = left.subList(some.size(), left.size());
    }
  }

  private JsonNode post(String method, ObjectNode body, Duration timeout) throws IOException {
    Database.requireOutsideScope("asking Pub/Sub");
    URI uri = endpoint.resolve("/v1/" + name + ":" + method);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout.plus(ON_THE_WAY))
            .header("Content-Type", "application/json")
            .header(SERVER_TIMEOUT, BigDecimal.valueOf(timeout.toMillis(), 3).toPlainString())
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    authorisation(uri)
        .forEach((header, values) -> values.forEach(value -> request.header(header, value)));
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (DeadlineResponse answer = new DeadlineResponse(response, TIMEOUT)) {
        byte[] content = answer.body().readNBytes(MAX_ANSWER);
        return switch (answer.status()) {
          case 200 -> JSON.readTree(content);
          case 504 -> throw new HttpTimeoutException("Pub/Sub did not end in time");
          default -> throw refused(method, answer.status());
        };
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SubscriptionException(name + ": interrupted while waiting for Pub/Sub", e);
    }
  }

  private Map<String, List<String>> authorisation(URI uri) {
    try {
      return credentials.headers(uri);
    } catch (IOException e) {
      throw new SubscriptionException(
          name + ": no access token; check the credentials of this program", e);
    }
  }

  private SubscriptionException unanswered(String method, IOException e) {
    return new SubscriptionException(
        "%s: Pub/Sub did not answer the %s".formatted(name, method), e);
  }

  /** By the status alone: what a body says comes from outside. */
  private SubscriptionException refused(String method, int status) {
    String help =
        switch (status) {
          case 400 -> "; a push subscription cannot be pulled from: make a pull subscription";
          case 401 -> "; check the credentials of this program";
          case 403 -> "; grant its account roles/pubsub.subscriber on the subscription";
          case 404 -> "; there is no such subscription";
          default -> "";
        };
    return new SubscriptionException(
        "%s: Pub/Sub answered the %s with %d%s".formatted(name, method, status, help), null);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

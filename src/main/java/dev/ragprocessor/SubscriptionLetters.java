package dev.ragprocessor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ragprocessor.bucket.PulledMessage;
import dev.ragprocessor.bucket.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of a dead-letter subscription. They are leased for longer than a batch of them
 * takes, so that what is left does not come again at once; and when it does, it is passed over.
 */
final class SubscriptionLetters implements DeadLetters {
  private static final Duration LEASE = Duration.ofMinutes(5);

  /** One pull may bring nothing though there is something: Pub/Sub asks its servers in turn. */
  private static final int EMPTY_PULLS = 2;

  private final Subscription subscription;
  private final Duration wait;
  // By message: the last delivery's handle is the one that counts.
  private final Map<String, String> open = new LinkedHashMap<>();

  /**
   * @param subscription closed with this
   * @param wait for the first message of a pull
   */
  SubscriptionLetters(Subscription subscription, Duration wait) {
    this.subscription = subscription;
    this.wait = wait;
  }

  @Override
  public List<DeadLetter> next(int most) {
    int empty = 0;
    while (empty < EMPTY_PULLS) {
      List<DeadLetter> fresh = new ArrayList<>();
      List<PulledMessage> pulled = subscription.pull(most, wait);
      empty += pulled.isEmpty() ? 1 : 0;
      for (PulledMessage message : pulled) {
        if (open.put(message.id(), message.ackId()) == null) {
          fresh.add(letter(message));
        }
      }
      subscription.lease(pulled.stream().map(PulledMessage::ackId).toList(), LEASE);
      if (!fresh.isEmpty()) {
        return List.copyOf(fresh);
      }
    }
    return List.of();
  }

  @Override
  public void done(Collection<DeadLetter> letters) {
    List<String> ackIds = new ArrayList<>();
    for (DeadLetter letter : letters) {
      String ackId = open.get(letter.handle());
      if (ackId != null) {
        ackIds.add(ackId);
      }
    }
    subscription.acknowledge(ackIds);
    letters.forEach(letter -> open.remove(letter.handle()));
  }

  @Override
  public void close() {
    try (subscription) {
      subscription.lease(open.values(), Duration.ZERO);
    }
  }

  private DeadLetter letter(PulledMessage message) {
    return new DeadLetter(
        "message " + message.id() + object(message.message().path("attributes")),
        message.id(),
        DeadLetter.PUSH,
        message.asPush(subscription.name()));
  }

  /** Where Cloud Storage's notification or Eventarc's event say which object it is about. */
  static String object(JsonNode attributes) {
    if (attributes.path("objectId").isTextual()) {
      return " (gs://%s/%s)"
          .formatted(attributes.path("bucketId").asText(), attributes.path("objectId").asText());
    }
    return attributes.path("ce-subject").isTextual()
        ? " (%s)".formatted(attributes.path("ce-subject").asText())
        : "";
  }
}

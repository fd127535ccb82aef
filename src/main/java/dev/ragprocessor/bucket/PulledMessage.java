package dev.ragprocessor.bucket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A message that was pulled from a subscription and is leased to whoever pulled it.
 *
 * @param ackId the right to acknowledge this delivery of it
 * @param id the message's own, the same in every delivery
 * @param message as Pub/Sub's REST API has it, the data in base64
 */
public record PulledMessage(String ackId, String id, JsonNode message) {
  /**
   * Promises what a push subscription of this name would have sent: the form in which the service
   * takes messages.
   */
  public String asPush(SubscriptionName subscription) {
    ObjectNode push = JsonNodeFactory.instance.objectNode();
    push.set("message", message);
    push.put("subscription", subscription.toString());
    return push.toString();
  }
}

package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a {@link GeminiStandIn} does wrong with one request. */
public sealed interface GeminiFault {
  /** It answers this and nothing else. */
  record Answer(int status, String body, Map<String, String> headers) implements GeminiFault {}

  /** It answers rightly, later. */
  record Slow(Duration delay) implements GeminiFault {}

  /** It promises the right answer's length, and hangs up half way. */
  record HangUp() implements GeminiFault {}

  /** It answers something else than the right thing. */
  record Changed(UnaryOperator<JsonNode> change) implements GeminiFault {}

  /** 429 that says when to come again, in RetryInfo. */
  static GeminiFault exhausted(String retryDelay) {
    return failing(
        429,
        "RESOURCE_EXHAUSTED",
        "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"%s\"}"
            .formatted(retryDelay));
  }

  /** 429 without a word on when, as Vertex AI's shared quota answers (googleapis/js-genai#1364). */
  static GeminiFault exhaustedSilently() {
    return failing(429, "RESOURCE_EXHAUSTED", "");
  }

  /** 429 for the day's quota; RetryInfo is as wrong as it really is then. */
  static GeminiFault exhaustedForToday() {
    return failing(
        429,
        "RESOURCE_EXHAUSTED",
        """
        {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[
          {"quotaMetric":"generativelanguage.googleapis.com/embed_content_free_tier_requests",
           "quotaId":"EmbedContentRequestsPerDayPerUserPerProjectPerModel-FreeTier"}]},
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36s"}""");
  }

  /** An error in Google's form, with google.rpc details in JSON or none. */
  static GeminiFault failing(int status, String name, String details) {
    return new Answer(
        status,
        "{\"error\":{\"code\":%d,\"message\":\"injected\",\"status\":\"%s\",\"details\":[%s]}}"
            .formatted(status, name, details),
        Map.of());
  }

  /** The prompt is blocked for this reason: no candidate at all. */
  static GeminiFault blockedPrompt(String reason) {
    return new Answer(
        200, "{\"promptFeedback\":{\"blockReason\":\"%s\"}}".formatted(reason), Map.of());
  }

  /** The model stops for this reason, with half of what it wanted to say. */
  static GeminiFault finished(String reason) {
    return new Changed(
        answer -> {
          ObjectNode candidate = (ObjectNode) answer.at("/candidates/0");
          String text = candidate.at("/content/parts/0/text").asText();
          ((ObjectNode) candidate.at("/content/parts/0"))
              .put("text", text.substring(0, text.length() / 2));
          candidate.put("finishReason", reason);
          return answer;
        });
  }

  /** The model says this instead. */
  static GeminiFault saying(String text) {
    return new Changed(answer -> GeminiGeneration.answer(text, "STOP", "gemini"));
  }

  /** One vector fewer than asked for. */
  static GeminiFault oneVectorTooFew() {
    return new Changed(
        answer -> {
          if (answer.has("embedding")) {
            ((ObjectNode) answer).remove("embedding");
          } else {
            ((ArrayNode) answer.get(answer.has("predictions") ? "predictions" : "embeddings"))
                .remove(0);
          }
          return answer;
        });
  }

  /** The last dimension of the first vector is missing. */
  static GeminiFault oneDimensionTooFew() {
    return new Changed(
        answer -> {
          ArrayNode values = values(answer);
          values.remove(values.size() - 1);
          return answer;
        });
  }

  /** The first vector is all zero. */
  static GeminiFault zeroVector() {
    return new Changed(
        answer -> {
          ArrayNode values = values(answer);
          for (int i = 0; i < values.size(); i++) {
            values.set(i, 0f);
          }
          return answer;
        });
  }

  private static ArrayNode values(JsonNode answer) {
    for (String name : List.of("values", "textEmbedding", "imageEmbedding", "embedding")) {
      if (answer.findValue(name) instanceof ArrayNode values) {
        return values;
      }
    }
    throw new IllegalArgumentException("no vector in " + answer);
  }
}

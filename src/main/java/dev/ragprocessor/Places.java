package dev.ragprocessor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Where a passage stands in its file, as people say it. */
final class Places {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Places() {}

  /**
   * Promises the place that a chunk's metadata tells: {@code page 2}, {@code Watering}, or nothing.
   */
  static String of(String metadata) {
    try {
      return of(JSON.readTree(metadata));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a chunk's metadata is no JSON", e);
    }
  }

  /** Promises the same of metadata that is read already. */
  static String of(JsonNode metadata) {
    List<String> parts = new ArrayList<>();
    if (metadata.path("page_number").asInt(0) > 0) {
      parts.add("page " + metadata.path("page_number").asInt());
    }
    for (String key : List.of("sheet", "contextual_text")) {
      String text = metadata.path(key).asText("");
      if (!text.isBlank()) {
        parts.add(text);
      }
    }
    return String.join(", ", parts);
  }
}

package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * An image, a recording or a part of one that a {@link GeminiStandIn} was sent.
 *
 * @param uri where it lies; empty when it came with the request
 * @param mediaType as the request names it
 * @param start in seconds, 0 when the request names none
 * @param end in seconds, infinite when the request names none
 * @param data what came with the request; empty when it lies elsewhere
 */
public record GeminiMedium(String uri, String mediaType, double start, double end, String data) {
  /** The part of a content that is a medium, if there is one. */
  static Optional<GeminiMedium> in(JsonNode content) {
    for (JsonNode part : content.path("parts")) {
      if (part.has("fileData") || part.has("inlineData")) {
        return Optional.of(of(part));
      }
    }
    return Optional.empty();
  }

  /** What was sent as text in place of a medium. */
  static GeminiMedium ofText(JsonNode content) {
    StringBuilder text = new StringBuilder();
    content.path("parts").forEach(part -> text.append(part.path("text").asText()).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return new GeminiMedium("", "text/plain", 0, 0, Base64.getEncoder().encodeToString(bytes));
  }

  /** What its bytes say, read as text: a test's files may carry their meaning so. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return Base64.getMimeDecoder().decode(data);
  }

  private static GeminiMedium of(JsonNode part) {
    JsonNode file = part.path("fileData");
    JsonNode inline = part.path("inlineData");
    JsonNode range = part.path("videoMetadata");
    return new GeminiMedium(
        file.path("fileUri").asText(""),
        (part.has("fileData") ? file : inline).path("mimeType").asText(""),
        seconds(range.path("startOffset"), 0),
        seconds(range.path("endOffset"), Double.POSITIVE_INFINITY),
        inline.path("data").asText(""));
  }

  private static double seconds(JsonNode duration, double otherwise) {
    String text = duration.asText("");
    return text.isEmpty() ? otherwise : Double.parseDouble(text.replace("s", ""));
  }

  @Override
  public String toString() {
    String what = uri.isEmpty() ? "inline " + Arrays.hashCode(bytes()) : uri;
    return "%s %s-%s".formatted(what, start, end);
  }
}

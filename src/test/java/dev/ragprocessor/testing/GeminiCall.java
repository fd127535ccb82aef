package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that a {@link GeminiStandIn} got.
 *
 * @param vertex whether it came by Vertex AI's path, else by the Developer API's
 * @param model the model's id, from the path
 * @param verb what stands after the colon, for example {@code predict}
 * @param query of the URL, empty when there was none
 * @param headers by lower-case name
 */
public record GeminiCall(
    boolean vertex,
    String model,
    String verb,
    String path,
    String query,
    Map<String, String> headers,
    JsonNode body) {
  private static final Pattern PATH =
      Pattern.compile(
          "(/v1beta|/v1(?:beta1)?/projects/[^/]+/locations/[^/]+/publishers/google)/models/([^/:]+):(\\w+)");

  /** Nothing when the path is none of Gemini's. */
  static Optional<GeminiCall> of(
      String path, String query, Map<String, String> headers, JsonNode body) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean vertex = matcher.group(1).contains("/projects/");
    return Optional.of(
        new GeminiCall(
            vertex, matcher.group(2), matcher.group(3), path, query, Map.copyOf(headers), body));
  }

  /** The medium that it is about, if there is one. */
  public Optional<GeminiMedium> medium() {
    return switch (verb) {
      case "generateContent" -> GeminiMedium.in(body.at("/contents/0"));
      case "embedContent" -> GeminiMedium.in(body.path("content"));
      case "batchEmbedContents" -> GeminiMedium.in(body.at("/requests/0/content"));
      default -> Optional.empty();
    };
  }

  /** The texts to embed, in order. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    switch (verb) {
      case "batchEmbedContents" ->
          body.path("requests").forEach(request -> texts.add(text(request.path("content"))));
      case "predict" ->
          body.path("instances").forEach(instance -> texts.add(instance.path("content").asText()));
      case "embedContent" -> texts.add(text(body.path("content")));
      default -> throw new IllegalStateException("no texts in " + verb);
    }
    return texts;
  }

  /** The dimensions asked for, zero when none were. */
  public int dimensions() {
    return switch (verb) {
      case "batchEmbedContents" -> body.at("/requests/0/outputDimensionality").asInt();
      case "predict" -> body.at("/parameters/outputDimensionality").asInt();
      default -> body.at("/embedContentConfig/outputDimensionality").asInt();
    };
  }

  private static String text(JsonNode content) {
    StringBuilder text = new StringBuilder();
    content.path("parts").forEach(part -> text.append(part.path("text").asText()));
    return text.toString();
  }
}

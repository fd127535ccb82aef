package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code generateContent} behind a {@link GeminiStandIn}: checks a request as the real models do
 * and answers in the schema that it asks for, with what the medium means to the test.
 */
final class GeminiGeneration {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_INLINE = 7 << 20;
  private static final int MOST_OUTPUT = 65_536;
  private static final Set<String> TYPES =
      Set.of("OBJECT", "ARRAY", "STRING", "NUMBER", "INTEGER", "BOOLEAN");
  private static final Set<String> MEDIA =
      Set.of(
          "image/png",
          "image/jpeg",
          "image/webp",
          "image/heic",
          "image/heif",
          "audio/wav",
          "audio/mp3",
          "audio/mpeg",
          "audio/aiff",
          "audio/aac",
          "audio/ogg",
          "audio/flac",
          "audio/m4a",
          "audio/mp4",
          "audio/opus",
          "audio/webm",
          "audio/x-m4a",
          "video/mp4",
          "video/mpeg",
          "video/mov",
          "video/quicktime",
          "video/avi",
          "video/x-flv",
          "video/mpg",
          "video/webm",
          "video/wmv",
          "video/3gpp");

  private final Function<GeminiMedium, String> meaning;

  GeminiGeneration(Function<GeminiMedium, String> meaning) {
    this.meaning = meaning;
  }

  ObjectNode answer(GeminiCall call, GeminiFileStore files) throws GeminiRejection {
    JsonNode contents = call.body().path("contents");
    if (contents.size() != 1 || !contents.path(0).path("role").asText().equals("user")) {
      throw GeminiRejection.invalid("one content of a user is taken");
    }
    JsonNode config = call.body().path("generationConfig");
    check(config, call.model());
    if (!config.has("responseSchema")) {
      return answer("OK", "STOP", call.model());
    }
    Optional<GeminiMedium> sent = GeminiMedium.in(contents.path(0));
    GeminiMedium medium =
        sent.isPresent()
            ? resolved(call, sent.get(), files)
            : GeminiMedium.ofText(contents.path(0));
    return answer(value(config.path("responseSchema"), medium).toString(), "STOP", call.model());
  }

  static ObjectNode answer(String text, String finishReason, String model) {
    ObjectNode answer = JSON.objectNode();
    ObjectNode candidate = answer.putArray("candidates").addObject();
    ObjectNode content = candidate.putObject("content").put("role", "model");
    content.putArray("parts").addObject().put("text", text);
    candidate.put("finishReason", finishReason).put("index", 0);
    answer
        .putObject("usageMetadata")
        .put("promptTokenCount", 263)
        .put("candidatesTokenCount", Math.max(1, text.length() / 4));
    return answer.put("modelVersion", model).put("responseId", "abc");
  }

  private static void check(JsonNode config, String model) throws GeminiRejection {
    if (config.has("responseSchema")) {
      if (!config.path("responseMimeType").asText().equals("application/json")) {
        throw GeminiRejection.invalid("a response schema needs application/json");
      }
      checkSchema(config.path("responseSchema"));
    }
    if (config.path("maxOutputTokens").asInt(1) > MOST_OUTPUT) {
      throw GeminiRejection.invalid("maxOutputTokens must be at most " + MOST_OUTPUT);
    }
    JsonNode thinking = config.path("thinkingConfig");
    if (thinking.has("thinkingBudget") && thinking.has("thinkingLevel")) {
      throw GeminiRejection.invalid("thinking budget and level together");
    }
    if (thinking.has("thinkingLevel") && model.startsWith("gemini-2")) {
      throw GeminiRejection.invalid("Thinking level is not supported for this model.");
    }
  }

  private static void checkSchema(JsonNode schema) throws GeminiRejection {
    if (!TYPES.contains(schema.path("type").asText())) {
      throw GeminiRejection.invalid("no type of a schema: " + schema.path("type"));
    }
    for (JsonNode property : schema.path("properties")) {
      checkSchema(property);
    }
    if (schema.path("type").asText().equals("ARRAY")) {
      checkSchema(schema.path("items"));
    }
  }

  private static GeminiMedium resolved(GeminiCall call, GeminiMedium medium, GeminiFileStore files)
      throws GeminiRejection {
    if (!MEDIA.contains(medium.mediaType())) {
      throw GeminiRejection.invalid("Unsupported MIME type: " + medium.mediaType());
    }
    if (medium.start() >= medium.end()) {
      throw GeminiRejection.invalid("the end offset is not after the start offset");
    }
    return resolve(call, medium, files);
  }

  /** Where a medium may lie depends on the address. */
  static GeminiMedium resolve(GeminiCall call, GeminiMedium medium, GeminiFileStore files)
      throws GeminiRejection {
    if (medium.uri().isEmpty()) {
      if (medium.bytes().length > MOST_INLINE) {
        throw new GeminiRejection(400, "INVALID_ARGUMENT", "the inline data is too large");
      }
      return medium;
    }
    if (call.vertex()) {
      if (!medium.uri().startsWith("gs://")) {
        // Vertex AI fetches public URLs too; the service never sends one.
        throw GeminiRejection.invalid("Cannot fetch content from the provided URL.");
      }
      return medium;
    }
    if (medium.uri().startsWith("gs://")) {
      // googleapis/python-genai#742
      throw GeminiRejection.invalid("Unsupported file uri: " + medium.uri());
    }
    return files.resolve(medium);
  }

  /** A value of the schema: every text is the medium's meaning, every time inside its range. */
  private JsonNode value(JsonNode schema, GeminiMedium medium) {
    return switch (schema.path("type").asText()) {
      case "OBJECT" -> {
        ObjectNode object = JSON.objectNode();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
          object.set(property.getKey(), named(property.getKey(), property.getValue(), medium));
        }
        yield object;
      }
      case "ARRAY" -> JSON.arrayNode().add(value(schema.path("items"), medium));
      case "BOOLEAN" -> JSON.booleanNode(true);
      case "NUMBER", "INTEGER" -> JSON.numberNode((int) medium.start());
      default -> JSON.textNode(meaning.apply(medium));
    };
  }

  private JsonNode named(String name, JsonNode schema, GeminiMedium medium) {
    return switch (name) {
      case "language" -> JSON.textNode("en");
      case "speaker" -> JSON.textNode("Speaker 1");
      case "start" -> JSON.textNode(clock(medium.start()));
      case "end" -> JSON.textNode(clock(Math.min(medium.end(), medium.start() + 5)));
      default -> value(schema, medium);
    };
  }

  private static String clock(double seconds) {
    int whole = (int) seconds;
    return "%02d:%02d".formatted(whole / 60, whole % 60);
  }
}

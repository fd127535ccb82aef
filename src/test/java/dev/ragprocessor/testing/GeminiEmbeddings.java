package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The embedding models behind a {@link GeminiStandIn}: a vector counts the words of its text, so
 * that texts with the same words are near, and is not of length 1, as with the real models. Limits
 * and rejections are those that were seen or are documented.
 */
final class GeminiEmbeddings {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final Pattern PROMPT =
      Pattern.compile("^(title: .*? \\| text: |task: search result \\| query: )");

  private static final Set<String> MEDIA =
      Set.of(
          "image/png",
          "image/jpeg",
          "video/mp4",
          "video/quicktime",
          "audio/mpeg",
          "audio/mp3",
          "audio/wav");
  private static final double LONGEST_VIDEO = 120;
  private static final double LONGEST_SOUND = 80;

  private final int textsPerPrediction;
  private final Function<GeminiMedium, String> meaning;

  GeminiEmbeddings(int textsPerPrediction, Function<GeminiMedium, String> meaning) {
    this.textsPerPrediction = textsPerPrediction;
    this.meaning = meaning;
  }

  ObjectNode answer(GeminiCall call, GeminiFileStore files) throws GeminiRejection {
    if (call.model().startsWith("multimodalembedding")) {
      return multimodal(call);
    }
    if (call.dimensions() > 3_072) {
      throw GeminiRejection.invalid("outputDimensionality must be at most 3072");
    }
    return switch (call.verb()) {
      case "batchEmbedContents" -> batch(call, files);
      case "predict" -> predict(call);
      case "embedContent" -> embedContent(call, files);
      default -> throw new GeminiRejection(404, "NOT_FOUND", "no such method: " + call.verb());
    };
  }

  private ObjectNode batch(GeminiCall call, GeminiFileStore files) throws GeminiRejection {
    if (call.vertex()) {
      throw new GeminiRejection(404, "NOT_FOUND", "no such method: batchEmbedContents");
    }
    ObjectNode answer = JSON.objectNode();
    ArrayNode embeddings = answer.putArray("embeddings");
    Optional<GeminiMedium> medium = call.medium();
    if (medium.isPresent()) {
      embeddings.addObject().set("values", vector(call, meaning(call, medium.get(), files)));
      return answer;
    }
    requireAtMost(100, call.texts());
    for (int i = 0; i < call.texts().size(); i++) {
      if (!call.body()
          .path("requests")
          .path(i)
          .path("model")
          .asText()
          .equals("models/" + call.model())) {
        throw GeminiRejection.invalid("the model of request " + i + " is not the path's");
      }
      embeddings.addObject().set("values", vector(call, call.texts().get(i)));
    }
    return answer;
  }

  private ObjectNode predict(GeminiCall call) throws GeminiRejection {
    requireVertex(call);
    if (call.model().startsWith("gemini-embedding-2")) {
      // vercel/ai#15853
      throw new GeminiRejection(400, "FAILED_PRECONDITION", "Precondition check failed.");
    }
    requireAtMost(textsPerPrediction, call.texts());
    int tokens = call.texts().stream().mapToInt(GeminiEmbeddings::tokens).sum();
    if (tokens > 20_000) {
      throw GeminiRejection.invalid(
          "the input token count is " + tokens + " but the model supports up to 20000");
    }
    ObjectNode answer = JSON.objectNode();
    ArrayNode predictions = answer.putArray("predictions");
    for (String text : call.texts()) {
      ObjectNode embedding = predictions.addObject().putObject("embeddings");
      embedding.set("values", vector(call, text));
      embedding
          .putObject("statistics")
          .put("truncated", tokens(text) > 2_048)
          .put("token_count", tokens(text));
    }
    return answer;
  }

  private ObjectNode embedContent(GeminiCall call, GeminiFileStore files) throws GeminiRejection {
    requireVertex(call);
    if (call.model().startsWith("gemini-embedding-001")) {
      // quarkiverse/quarkus-langchain4j#2376
      throw GeminiRejection.invalid("Publisher Model is not supported in the embedContent API.");
    }
    if (call.body().has("model")) {
      // quarkiverse/quarkus-langchain4j#2347
      throw GeminiRejection.invalid("oneof field '_model' is already set. Cannot set 'model'");
    }
    ObjectNode answer = JSON.objectNode();
    Optional<GeminiMedium> medium = call.medium();
    String text = medium.isPresent() ? meaning(call, medium.get(), files) : call.texts().getFirst();
    answer.putObject("embedding").set("values", vector(call, text));
    answer.put("truncated", tokens(text) > 8_192);
    answer.putObject("usageMetadata").put("promptTokenCount", tokens(text));
    return answer;
  }

  /** A medium's vector is that of the words that describe it: one space for all. */
  private String meaning(GeminiCall call, GeminiMedium medium, GeminiFileStore files)
      throws GeminiRejection {
    if (!call.model().startsWith("gemini-embedding-2")) {
      throw GeminiRejection.invalid("this model takes text only");
    }
    requireTaken(medium);
    return meaning.apply(GeminiGeneration.resolve(call, medium, files));
  }

  private static void requireTaken(GeminiMedium medium) throws GeminiRejection {
    if (!MEDIA.contains(medium.mediaType())) {
      throw GeminiRejection.invalid("Unsupported MIME type: " + medium.mediaType());
    }
    double length = medium.end() - medium.start();
    double longest = medium.mediaType().startsWith("audio/") ? LONGEST_SOUND : LONGEST_VIDEO;
    if (!medium.mediaType().startsWith("image/") && !(length > 0 && length <= longest)) {
      throw GeminiRejection.invalid(
          "the length must be at most " + longest + " seconds: " + length);
    }
  }

  /** The shape that the public documentation gives, which the SDK cannot send. */
  private ObjectNode multimodal(GeminiCall call) throws GeminiRejection {
    requireVertex(call);
    JsonNode instance = call.body().at("/instances/0");
    int dimensions = call.body().at("/parameters/dimension").asInt(1_408);
    if (!call.verb().equals("predict") || call.body().path("instances").size() != 1) {
      throw GeminiRejection.invalid("one instance is predicted");
    }
    if (!Set.of(128, 256, 512, 1_408).contains(dimensions)) {
      throw GeminiRejection.invalid("dimension must be 128, 256, 512 or 1408");
    }
    ObjectNode prediction = JSON.objectNode();
    if (instance.has("text")) {
      prediction.set("textEmbedding", vector(dimensions, instance.path("text").asText()));
    } else if (instance.has("image")) {
      prediction.set("imageEmbedding", vector(dimensions, described(instance.path("image"), 0, 0)));
    } else if (instance.has("video")) {
      JsonNode video = instance.path("video");
      int start = video.at("/videoSegmentConfig/startOffsetSec").asInt();
      int end = video.at("/videoSegmentConfig/endOffsetSec").asInt(120);
      if (video.at("/videoSegmentConfig/intervalSec").asInt(16) < 4 || end <= start) {
        throw GeminiRejection.invalid("a segment is at least 4 seconds");
      }
      prediction
          .putArray("videoEmbeddings")
          .addObject()
          .put("startOffsetSec", start)
          .put("endOffsetSec", end)
          .set("embedding", vector(dimensions, described(video, start, end)));
    } else {
      // googleapis/python-genai#2262
      throw GeminiRejection.invalid("No embedding input is provided.");
    }
    ObjectNode answer = JSON.objectNode();
    answer.putArray("predictions").add(prediction);
    return answer.put("deployedModelId", "1");
  }

  private String described(JsonNode medium, double start, double end) {
    return meaning.apply(
        new GeminiMedium(
            medium.path("gcsUri").asText(""),
            medium.path("mimeType").asText(""),
            start,
            end,
            medium.path("bytesBase64Encoded").asText("")));
  }

  private static void requireVertex(GeminiCall call) throws GeminiRejection {
    if (!call.vertex()) {
      throw new GeminiRejection(404, "NOT_FOUND", "not at this address: " + call.verb());
    }
  }

  private static void requireAtMost(int most, List<String> texts) throws GeminiRejection {
    if (texts.isEmpty() || texts.size() > most) {
      throw GeminiRejection.invalid("%d texts, 1 to %d are taken".formatted(texts.size(), most));
    }
    if (texts.stream().anyMatch(String::isBlank)) {
      throw GeminiRejection.invalid("a text is empty");
    }
  }

  private static int tokens(String text) {
    return Math.max(1, text.length() / 4);
  }

  private static ArrayNode vector(GeminiCall call, String text) {
    return vector(call.dimensions() == 0 ? 3_072 : call.dimensions(), text);
  }

  private static ArrayNode vector(int dimensions, String text) {
    double[] counts = new double[dimensions];
    counts[0] = 0.01;
    String words = PROMPT.matcher(text).replaceFirst("").toLowerCase(Locale.ROOT);
    WORD.matcher(words)
        .results()
        .forEach(
            word -> {
              int hash = word.group().hashCode() * 0x9e3779b9;
              counts[Math.floorMod(hash, dimensions)] += 0.2;
              counts[Math.floorMod(hash >>> 7, dimensions)] += (hash & 1) == 0 ? 0.2 : -0.2;
            });
    ArrayNode values = JSON.arrayNode(dimensions);
    for (double count : counts) {
      values.add((float) count);
    }
    return values;
  }
}

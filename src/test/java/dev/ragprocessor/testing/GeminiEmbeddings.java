package dev.ragprocessor.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
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

  /** A request that the real service answers with an error. */
  static final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;
    final int code;
    final String status;
    final String details;

    Rejection(int code, String status, String message) {
      this(code, status, message, "");
    }

    /**
     * @param details google.rpc's, in JSON
     */
    Rejection(int code, String status, String message, String details) {
      super(message);
      this.code = code;
      this.status = status;
      this.details = details;
    }
  }

  private final int textsPerPrediction;

  GeminiEmbeddings(int textsPerPrediction) {
    this.textsPerPrediction = textsPerPrediction;
  }

  ObjectNode answer(GeminiCall call) throws Rejection {
    if (call.dimensions() > 3_072) {
      throw invalid("outputDimensionality must be at most 3072");
    }
    return switch (call.verb()) {
      case "batchEmbedContents" -> batch(call);
      case "predict" -> predict(call);
      case "embedContent" -> embedContent(call);
      default -> throw new Rejection(404, "NOT_FOUND", "no such method: " + call.verb());
    };
  }

  private static ObjectNode batch(GeminiCall call) throws Rejection {
    if (call.vertex()) {
      throw new Rejection(404, "NOT_FOUND", "no such method: batchEmbedContents");
    }
    requireAtMost(100, call.texts());
    ObjectNode answer = JSON.objectNode();
    ArrayNode embeddings = answer.putArray("embeddings");
    for (int i = 0; i < call.texts().size(); i++) {
      if (!call.body()
          .path("requests")
          .path(i)
          .path("model")
          .asText()
          .equals("models/" + call.model())) {
        throw invalid("the model of request " + i + " is not the path's");
      }
      embeddings.addObject().set("values", vector(call, call.texts().get(i)));
    }
    return answer;
  }

  private ObjectNode predict(GeminiCall call) throws Rejection {
    requireVertex(call);
    if (call.model().startsWith("gemini-embedding-2")) {
      // vercel/ai#15853
      throw new Rejection(400, "FAILED_PRECONDITION", "Precondition check failed.");
    }
    requireAtMost(textsPerPrediction, call.texts());
    int tokens = call.texts().stream().mapToInt(GeminiEmbeddings::tokens).sum();
    if (tokens > 20_000) {
      throw invalid("the input token count is " + tokens + " but the model supports up to 20000");
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

  private static ObjectNode embedContent(GeminiCall call) throws Rejection {
    requireVertex(call);
    if (call.model().startsWith("gemini-embedding-001")) {
      // quarkiverse/quarkus-langchain4j#2376
      throw invalid("Publisher Model is not supported in the embedContent API.");
    }
    if (call.body().has("model")) {
      // quarkiverse/quarkus-langchain4j#2347
      throw invalid("oneof field '_model' is already set. Cannot set 'model'");
    }
    ObjectNode answer = JSON.objectNode();
    String text = call.texts().getFirst();
    answer.putObject("embedding").set("values", vector(call, text));
    answer.put("truncated", tokens(text) > 8_192);
    answer.putObject("usageMetadata").put("promptTokenCount", tokens(text));
    return answer;
  }

  private static void requireVertex(GeminiCall call) throws Rejection {
    if (!call.vertex()) {
      throw new Rejection(404, "NOT_FOUND", "not at this address: " + call.verb());
    }
  }

  private static void requireAtMost(int most, List<String> texts) throws Rejection {
    if (texts.isEmpty() || texts.size() > most) {
      throw invalid("%d texts, 1 to %d are taken".formatted(texts.size(), most));
    }
    if (texts.stream().anyMatch(String::isBlank)) {
      throw invalid("a text is empty");
    }
  }

  private static Rejection invalid(String message) {
    return new Rejection(400, "INVALID_ARGUMENT", message);
  }

  private static int tokens(String text) {
    return Math.max(1, text.length() / 4);
  }

  private static ArrayNode vector(GeminiCall call, String text) {
    int dimensions = call.dimensions() == 0 ? 3_072 : call.dimensions();
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

package dev.ragprocessor.embed;

import com.google.genai.types.EmbedContentConfig;

/**
 * How a model is told what a text is for. The older models take a task type and a title beside the
 * text; gemini-embedding-2 knows neither and is documented to be prompted by words before it.
 *
 * @param prefix stands before every text
 * @param config of the request
 */
record Phrasing(String prefix, EmbedContentConfig config) {
  static Phrasing ofChunks(String model, int dimensions, String title) {
    EmbedContentConfig.Builder config =
        EmbedContentConfig.builder().outputDimensionality(dimensions);
    if (isPrompted(model)) {
      String name = title.isBlank() ? "none" : title;
      return new Phrasing("title: " + name + " | text: ", config.build());
    }
    config.taskType("RETRIEVAL_DOCUMENT");
    if (!title.isBlank()) {
      config.title(title);
    }
    return new Phrasing("", config.build());
  }

  static Phrasing ofQuestions(String model, int dimensions) {
    EmbedContentConfig.Builder config =
        EmbedContentConfig.builder().outputDimensionality(dimensions);
    return isPrompted(model)
        ? new Phrasing("task: search result | query: ", config.build())
        : new Phrasing("", config.taskType("RETRIEVAL_QUERY").build());
  }

  private static boolean isPrompted(String model) {
    return model.startsWith("gemini-embedding-2");
  }
}

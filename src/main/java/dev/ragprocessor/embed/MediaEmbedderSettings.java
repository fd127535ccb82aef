package dev.ragprocessor.embed;

import java.util.List;

/** Which model makes the vectors of media, and how. The composition root switches over it. */
public sealed interface MediaEmbedderSettings {
  /** The dimensions of the adopted schema's column {@code multimodal_embedding}. */
  int DEFAULT_DIMENSIONS = 1_408;

  /** How the model is reached. */
  GeminiModelSettings connection();

  /** The length of its vectors. */
  int dimensions();

  /**
   * A model that the SDK can ask ({@link GeminiMediaEmbedder}).
   *
   * @param dimensions 1 to 3,072; pgvector indexes up to 2,000
   */
  record Gemini(GeminiModelSettings connection, int dimensions) implements MediaEmbedderSettings {
    /** The model that Google recommends. */
    public static final String DEFAULT_MODEL = "gemini-embedding-2";

    public Gemini {
      Inputs.requireRange("dimensions", dimensions, 1, 3_072);
    }
  }

  /**
   * {@code multimodalembedding@001} ({@link PredictMediaEmbedder}), which made the vectors of
   * databases that are older than its successor; it retires on 2027-04-01.
   *
   * @param connection to Vertex AI: it is nowhere else
   * @param dimensions 128, 256, 512 or 1,408
   */
  record Predict(GeminiModelSettings connection, int dimensions) implements MediaEmbedderSettings {
    /** The model's name. */
    public static final String MODEL = "multimodalembedding@001";

    /** What its meters call it: an at sign is in no model's id but this one's. */
    public static final String METERED = "multimodalembedding-001";

    public Predict {
      if (!List.of(128, 256, 512, 1_408).contains(dimensions)) {
        throw new IllegalArgumentException(
            "%s has 128, 256, 512 or 1408 dimensions: %d".formatted(MODEL, dimensions));
      }
      if (!(connection.access() instanceof GeminiAccess.VertexAi)) {
        throw new IllegalArgumentException(
            MODEL + " is at Vertex AI only: a key does not reach it");
      }
    }
  }
}

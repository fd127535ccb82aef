package dev.ragprocessor.store;

/**
 * What makes vectors comparable: vectors of different spaces are never compared.
 *
 * @param model the model's name, for example {@code gemini-embedding-001}
 * @param dimensions the length of every vector of the space, 1 to 16,000 (pgvector's limit)
 * @param task what the vectors are made for, for example {@code retrieval}: chunks embedded as
 *     documents and questions embedded as queries share one task
 */
public record Space(String model, int dimensions, String task) {
  public Space {
    if (model.isBlank() || task.isBlank()) {
      throw new IllegalArgumentException("model and task must not be blank");
    }
    if (dimensions < 1 || dimensions > 16_000) {
      throw new IllegalArgumentException("dimensions must be 1 to 16000: " + dimensions);
    }
  }
}

package dev.ragprocessor.ingest;

import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.extract.media.AnswerMemory;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.ModelAnswers;
import dev.ragprocessor.store.ObjectId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What models made of one object's bytes before, kept in the database, so that whichever process
 * tries again pays only for what is missing. Each call that keeps something is a scope of its own.
 * Used by several threads at once.
 */
final class MediaMemory implements AnswerMemory {
  private final Scopes gate;
  private final ObjectId object;
  private final String content;
  private final Map<String, String> known;

  private MediaMemory(Scopes gate, ObjectId object, String content, Map<String, String> known) {
    this.gate = gate;
    this.object = object;
    this.content = content;
    this.known = new ConcurrentHashMap<>(known);
  }

  /** Promises what is known of this version's bytes. */
  static MediaMemory of(Scopes gate, DocumentVersion version) {
    ObjectId object = version.object();
    String content =
        version.crc32c().isEmpty()
            ? "generation " + object.generation()
            : version.crc32c() + " " + version.size();
    return new MediaMemory(
        gate,
        object,
        content,
        gate.execute("ingest.recall", db -> ModelAnswers.of(db, object, content)));
  }

  @Override
  public Optional<String> recall(String question) {
    return Optional.ofNullable(known.get(question));
  }

  @Override
  public void keep(String question, String answer) {
    known.put(question, answer);
    keep(Map.of(question, answer));
  }

  /** Promises the vector that was kept under this name, if there is one. */
  Optional<float[]> recallVector(String name) {
    return recall(name).map(MediaMemory::vector);
  }

  /** Keeps vectors, by name. */
  void keepVectors(Map<String, float[]> vectors) {
    Map<String, String> answers = HashMap.newHashMap(vectors.size());
    vectors.forEach((name, vector) -> answers.put(name, text(vector)));
    keep(answers);
  }

  private void keep(Map<String, String> answers) {
    if (!answers.isEmpty()) {
      gate.inTransaction(
          "ingest.remember",
          db -> {
            ModelAnswers.keep(db, object, content, answers);
            return answers.size();
          });
    }
  }

  private static String text(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static float[] vector(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    float[] vector = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(vector);
    return vector;
  }
}

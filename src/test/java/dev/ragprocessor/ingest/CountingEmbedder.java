package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.Space;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model of 16 dimensions that says what it was asked, and fails when told to. */
final class CountingEmbedder implements TextEmbedder {
  private static final Space SPACE = new Space("counting", 16, "retrieval");

  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final Queue<RuntimeException> faults = new ArrayDeque<>();

  /** Every text embedded so far. */
  List<String> texts() {
    return texts;
  }

  void failNext(RuntimeException fault) {
    synchronized (faults) {
      faults.add(fault);
    }
  }

  @Override
  public Space space() {
    return SPACE;
  }

  @Override
  public int maxTokens() {
    return 2_048;
  }

  @Override
  public int tokens(String text) {
    return text.length();
  }

  @Override
  public int maxCharacters() {
    return 100_000;
  }

  @Override
  public List<float[]> embedChunks(String title, List<String> chunks) {
    synchronized (faults) {
      RuntimeException fault = faults.poll();
      if (fault != null) {
        throw fault;
      }
    }
    texts.addAll(chunks);
    return chunks.stream().map(this::embedQuestion).toList();
  }

  @Override
  public float[] embedQuestion(String question) {
    Random random = new Random(question.hashCode());
    float[] vector = new float[SPACE.dimensions()];
    double square = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat() - 0.5f;
      square += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  @Override
  public void close() {}
}

package dev.ragprocessor.embed;

import dev.ragprocessor.store.Space;
import dev.ragprocessor.telemetry.ModelCallEvent;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Vectors without meaning, for tests and benchmarks only: it takes as long as a remote model would,
 * and costs next to nothing. The same text always gets the same vector, so duplicates and rankings
 * stay checkable; similar texts do not get similar ones.
 *
 * <p>A vector is one of 256 pseudo-random rows of length 1, rotated; both are picked by the text's
 * hash. Safe for use by many threads.
 */
public final class StubEmbedder implements TextEmbedder {
  private static final int ROWS = 256;
  private static final long SEED = 768;

  private final Space space;
  private final Duration latency;
  private final float[][] rows;

  /** Computes the rows. */
  public StubEmbedder(EmbedderSettings.Stub settings) {
    this.space = new Space("stub", settings.dimensions(), "retrieval");
    this.latency = settings.latency();
    this.rows = rows(settings.dimensions());
  }

  @Override
  public Space space() {
    return space;
  }

  /** Any length: nothing is read but the hash. */
  @Override
  public int maxCharacters() {
    return Integer.MAX_VALUE;
  }

  /** As many as Gemini reads, so that chunks are those of production. */
  @Override
  public int maxTokens() {
    return 2_048;
  }

  @Override
  public int tokens(String text) {
    return TokenEstimate.of(text);
  }

  @Override
  public List<float[]> embedChunks(String title, List<String> chunks) {
    Inputs.requireChunks(chunks);
    ModelCallEvent call = new ModelCallEvent();
    passTime();
    call.ended(() -> request("chunks", chunks), 0, "ok");
    return chunks.stream().map(this::vector).toList();
  }

  @Override
  public float[] embedQuestion(String question) {
    Inputs.requireQuestion(question);
    ModelCallEvent call = new ModelCallEvent();
    passTime();
    call.ended(() -> request("question", List.of(question)), 0, "ok");
    return vector(question);
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private ModelCallEvent.Request request(String purpose, List<String> texts) {
    long tokens = texts.stream().mapToLong(TokenEstimate::of).sum();
    return new ModelCallEvent.Request(space.model(), purpose, texts.size(), tokens, 0);
  }

  private float[] vector(String text) {
    int hash = spread(text.hashCode());
    float[] row = rows[hash & (ROWS - 1)];
    int turn = (hash >>> 8) % row.length;
    float[] vector = new float[row.length];
    System.arraycopy(row, turn, vector, 0, row.length - turn);
    System.arraycopy(row, 0, vector, row.length - turn, turn);
    return vector;
  }

  private void passTime() {
    if (!latency.isPositive()) {
      return; // to sleep for no time costs a virtual thread its turn
    }
    try {
      Thread.sleep(latency);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException(
          EmbeddingException.Kind.UNAVAILABLE, "interrupted in the stub", Duration.ZERO, e);
    }
  }

  /** The finaliser of MurmurHash3: String.hashCode of similar texts differs in few low bits. */
  private static int spread(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }

  private static float[][] rows(int dimensions) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[][] rows = new float[ROWS][dimensions];
    for (float[] row : rows) {
      for (int i = 0; i < dimensions; i++) {
        row[i] = random.nextFloat() - 0.5f;
      }
      UnitLength.of(row);
    }
    return rows;
  }
}

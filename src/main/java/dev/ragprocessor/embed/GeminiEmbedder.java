package dev.ragprocessor.embed;

import com.google.genai.Client;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.ContentEmbeddingStatistics;
import com.google.genai.types.EmbedContentResponse;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.store.Space;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Vectors from Gemini, through the Google Gen AI SDK: from the Gemini Developer API or Vertex AI.
 *
 * <ul>
 *   <li>Chunks are embedded as documents with their title, questions as queries. Every vector is
 *       scaled to length 1: the models do not scale those that they shorten.
 *   <li>Chunks travel in batches within the limits of texts and tokens, several batches at once. A
 *       batch that is refused as it is (400, or not one vector a text) is sent again text by text;
 *       when all of them pass, the model takes no batches, and it is sent none any more.
 *   <li>Nothing else is sent twice: the job that asked decides about another try. What the model
 *       says about its quota holds for every caller of this embedder ({@link Pace}).
 *   <li>A 400 counts as the deployment's fault, not the text's, until the model has answered once.
 *   <li>A text that Vertex AI says it cut short is counted in {@code ragprocessor.embed.truncated};
 *       its vector stands for the beginning. The Developer API does not say.
 * </ul>
 *
 * <p>Safe for use by many threads. A request ends within its timeout or at the caller's interrupt.
 */
public final class GeminiEmbedder implements TextEmbedder {
  private static final System.Logger LOG = System.getLogger(GeminiEmbedder.class.getName());
  private static final Duration QUESTION_PATIENCE = Duration.ofSeconds(5);

  private final GeminiSettings settings;
  private final Space space;
  private final Client client;
  private final GeminiFailures failures;
  private final Admission admission;
  private final EmbedMeters meters;
  private final Lanes chunkLanes;
  private final Lanes questionLanes;
  private final Duration questionPatience;
  private volatile int textsPerRequest;
  private volatile boolean proven;

  private GeminiEmbedder(GeminiSettings settings, Client client, MeterRegistry registry) {
    this.settings = settings;
    this.space = new Space(settings.model(), settings.dimensions(), "retrieval");
    this.client = client;
    this.failures = new GeminiFailures(settings.access(), settings.model());
    this.admission = new Admission(settings.model(), settings.patience());
    this.meters = new EmbedMeters(registry, settings.model());
    this.textsPerRequest = settings.maxTextsPerRequest();
    int concurrent = settings.maxConcurrentRequests();
    this.questionPatience =
        settings.patience().compareTo(QUESTION_PATIENCE) < 0
            ? settings.patience()
            : QUESTION_PATIENCE;
    // A lane's turn comes at the latest when the requests before it have timed out.
    this.chunkLanes =
        new Lanes(concurrent, threads(), settings.patience().plus(settings.timeout()));
    this.questionLanes = new Lanes(Math.max(1, concurrent / 4), threads(), questionPatience);
  }

  /**
   * Finds the credentials and opens a client; asks the model nothing.
   *
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  public static GeminiEmbedder open(GeminiSettings settings, MeterRegistry registry) {
    return new GeminiEmbedder(
        settings, GeminiConnection.open(settings, Clock.systemUTC()), registry);
  }

  @Override
  public Space space() {
    return space;
  }

  /**
   * The model's limit of tokens: no script in common use takes more than one a character. Of rarer
   * characters a text of this length can be cut short, which is counted.
   */
  @Override
  public int maxCharacters() {
    return settings.model().startsWith("gemini-embedding-2") ? 8_192 : 2_048;
  }

  /** The model's limit, less what the title before each text may take. */
  @Override
  public int maxTokens() {
    return settings.model().startsWith("gemini-embedding-2") ? 7_680 : 2_048;
  }

  /** A guess on the high side: the tokenizer is not public, and asking costs a request a text. */
  @Override
  public int tokens(String text) {
    return TokenEstimate.of(text);
  }

  @Override
  public List<float[]> embedChunks(String title, List<String> chunks) {
    Inputs.requireChunks(chunks);
    Phrasing phrasing = Phrasing.ofChunks(settings.model(), settings.dimensions(), title);
    List<String> texts = chunks.stream().map(phrasing.prefix()::concat).toList();
    List<List<String>> batches = Batches.of(texts, textsPerRequest, settings.maxTokensPerRequest());
    List<float[]> vectors = new ArrayList<>(chunks.size());
    chunkLanes.map(batches, batch -> embed(batch, phrasing)).forEach(vectors::addAll);
    return List.copyOf(vectors);
  }

  @Override
  public float[] embedQuestion(String question) {
    Inputs.requireQuestion(question);
    Phrasing phrasing = Phrasing.ofQuestions(settings.model(), settings.dimensions());
    List<String> text = List.of(phrasing.prefix() + question);
    return questionLanes
        .map(
            List.of(text),
            one -> request(one, phrasing, () -> admission.enterFirst(questionPatience)))
        .getFirst()
        .getFirst();
  }

  @Override
  public void close() {
    questionLanes.close();
    chunkLanes.close();
    client.close();
  }

  private List<float[]> embed(List<String> batch, Phrasing phrasing) {
    try {
      return request(batch, phrasing, admission::enter);
    } catch (EmbeddingException e) {
      if (e.kind() != Kind.REFUSED || batch.size() == 1) {
        throw e;
      }
      return embedOneByOne(batch, phrasing, e);
    }
  }

  private List<float[]> embedOneByOne(
      List<String> batch, Phrasing phrasing, EmbeddingException refusal) {
    List<float[]> vectors = new ArrayList<>(batch.size());
    try {
      for (String text : batch) {
        vectors.addAll(request(List.of(text), phrasing, admission::enter));
      }
    } catch (EmbeddingException e) {
      e.addSuppressed(refusal);
      throw e;
    }
    textsPerRequest = 1;
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} takes the texts of a batch only one by one: it is sent no batches any more; set max"
            + " texts per request to 1",
        settings.model());
    return vectors;
  }

  private List<float[]> request(List<String> texts, Phrasing phrasing, Turn turn) {
    awaitTurn(turn);
    long sent = System.nanoTime();
    try {
      List<float[]> vectors = read(ask(texts, phrasing), texts.size());
      admission.accepted();
      proven = true;
      meters.answered(texts.size(), tokens(texts), since(sent));
      return vectors;
    } catch (EmbeddingException e) {
      meters.failed(e.kind(), since(sent));
      if (e.kind() == Kind.EXHAUSTED) {
        admission.refused(sent, e.retryAfter());
      }
      throw e;
    }
  }

  private EmbedContentResponse ask(List<String> texts, Phrasing phrasing) {
    AtomicReference<ErrorAnswer> said = new AtomicReference<>(ErrorAnswer.SILENT);
    try {
      return ErrorAnswers.during(
          said, () -> client.models.embedContent(settings.model(), texts, phrasing.config()));
    } catch (ApiException e) {
      EmbeddingException failure = failures.refused(e, said.get());
      throw failure.kind() == Kind.REFUSED && texts.size() == 1 && !proven
          ? failures.refusedBeforeAnyAnswer(failure)
          : failure;
    } catch (GenAiIOException e) {
      throw failures.broken(e);
    } catch (IllegalArgumentException e) {
      throw failures.unsendable(e);
    }
  }

  private List<float[]> read(EmbedContentResponse answer, int texts) {
    List<ContentEmbedding> embeddings = answer.embeddings().orElse(List.of());
    // googleapis/python-genai#2523: one vector for many texts.
    if (embeddings.size() != texts) {
      throw failures.wrong(
          texts > 1 ? Kind.REFUSED : Kind.UNAVAILABLE,
          "answered %d vectors for %d texts".formatted(embeddings.size(), texts));
    }
    List<float[]> vectors = new ArrayList<>(texts);
    for (ContentEmbedding embedding : embeddings) {
      vectors.add(vector(embedding));
      if (embedding.statistics().flatMap(ContentEmbeddingStatistics::truncated).orElse(false)) {
        meters.truncated();
      }
    }
    return vectors;
  }

  private float[] vector(ContentEmbedding embedding) {
    List<Float> values = embedding.values().orElse(List.of());
    if (values.size() != space.dimensions()) {
      throw failures.wrong(
          Kind.MISCONFIGURED,
          "answered a vector of %d dimensions instead of %d: choose dimensions that the model has"
              .formatted(values.size(), space.dimensions()));
    }
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    try {
      return UnitLength.of(vector);
    } catch (ArithmeticException e) {
      throw failures.wrong(Kind.UNAVAILABLE, "answered a vector without a direction");
    }
  }

  private static void awaitTurn(Turn turn) {
    try {
      turn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException(
          Kind.UNAVAILABLE, "interrupted while waiting for the model", Duration.ZERO, e);
    }
  }

  private static long tokens(List<String> texts) {
    return texts.stream().mapToLong(TokenEstimate::of).sum();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static ExecutorService threads() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gemini-", 0).factory());
  }

  /** A wait for the right to send one request. */
  private interface Turn {
    void await() throws InterruptedException;
  }
}

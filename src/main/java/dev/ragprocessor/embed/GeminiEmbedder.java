package dev.ragprocessor.embed;

import com.google.genai.Client;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.ContentEmbeddingStatistics;
import com.google.genai.types.EmbedContentResponse;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.store.Space;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Vectors from Gemini, through the Google Gen AI SDK: from the Gemini Developer API or Vertex AI.
 *
 * <ul>
 *   <li>Chunks are embedded as documents with their title, questions as queries. Every vector is
 *       scaled to length 1: the models do not scale those that they shorten.
 *   <li>Chunks travel in batches within the limits of texts and tokens, several batches at once, at
 *       the model's pace ({@link GeminiModel}). A batch that is refused as it is (400, or not one
 *       vector a text) is sent again text by text; when all of them pass, the model takes no
 *       batches, and it is sent none any more.
 *   <li>A 400 counts as the deployment's fault, not the text's, until the model has answered once.
 *   <li>A text that Vertex AI says it cut short is counted in {@code rag.embed.truncated}; its
 *       vector stands for the beginning. The Developer API does not say.
 * </ul>
 *
 * <p>Safe for use by many threads. A request ends within its timeout or at the caller's interrupt.
 */
public final class GeminiEmbedder implements TextEmbedder {
  private static final System.Logger LOG = System.getLogger(GeminiEmbedder.class.getName());

  private final GeminiSettings settings;
  private final Space space;
  private final GeminiModel model;
  private final EmbedMeters meters;
  private volatile int textsPerRequest;

  private GeminiEmbedder(GeminiSettings settings, GeminiModel model, MeterRegistry registry) {
    this.settings = settings;
    this.space = new Space(settings.model(), settings.dimensions(), "retrieval");
    this.model = model;
    this.meters = new EmbedMeters(registry, settings.model());
    this.textsPerRequest = settings.maxTextsPerRequest();
  }

  /**
   * Finds the credentials and opens a client; asks the model nothing.
   *
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  public static GeminiEmbedder open(GeminiSettings settings, MeterRegistry registry) {
    return new GeminiEmbedder(
        settings,
        GeminiModel.open(settings.connection(), registry, EmbedMeters.REQUESTS),
        registry);
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
    List<float[]> vectors = new ArrayList<>(chunks.size());
    embed(title, chunks, (_, _) -> {}).forEach(vectors::addAll);
    return List.copyOf(vectors);
  }

  @Override
  public void embedChunks(String title, List<String> chunks, VectorSink sink) {
    embed(title, chunks, sink);
  }

  private List<List<float[]>> embed(String title, List<String> chunks, VectorSink sink) {
    Inputs.requireChunks(chunks);
    Phrasing phrasing = Phrasing.ofChunks(settings.model(), settings.dimensions(), title);
    List<String> texts = chunks.stream().map(phrasing.prefix()::concat).toList();
    List<Batches.Batch> batches =
        Batches.of(texts, textsPerRequest, settings.maxTokensPerRequest());
    return model.each(
        batches,
        batch -> {
          List<float[]> vectors = embed(batch.texts(), phrasing);
          for (int i = 0; i < vectors.size(); i++) {
            sink.accept(batch.from() + i, vectors.get(i));
          }
          return vectors;
        });
  }

  @Override
  public float[] embedQuestion(String question) {
    Inputs.requireQuestion(question);
    Phrasing phrasing = Phrasing.ofQuestions(settings.model(), settings.dimensions());
    List<String> text = List.of(phrasing.prefix() + question);
    Asking asking = Asking.ofTexts("question", text);
    return judged(asking, () -> model.first(asking, client -> ask(client, text, phrasing)))
        .getFirst();
  }

  @Override
  public void close() {
    model.close();
  }

  private List<float[]> embed(List<String> batch, Phrasing phrasing) {
    try {
      return request(batch, phrasing);
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
        vectors.addAll(request(List.of(text), phrasing));
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

  private List<float[]> request(List<String> texts, Phrasing phrasing) {
    Asking asking = Asking.ofTexts("chunks", texts);
    return judged(asking, () -> model.ask(asking, client -> ask(client, texts, phrasing)));
  }

  private List<float[]> judged(Asking asking, Supplier<List<float[]>> request) {
    try {
      List<float[]> vectors = request.get();
      meters.embedded(asking.inputs(), asking.tokens());
      return vectors;
    } catch (EmbeddingException e) {
      throw e.kind() == Kind.REFUSED && asking.inputs() == 1 && !model.proven()
          ? model.refusedBeforeAnyAnswer(e)
          : e;
    }
  }

  private List<float[]> ask(Client client, List<String> texts, Phrasing phrasing) {
    return read(
        client.models.embedContent(settings.model(), texts, phrasing.config()), texts.size());
  }

  private List<float[]> read(EmbedContentResponse answer, int texts) {
    List<ContentEmbedding> embeddings = answer.embeddings().orElse(List.of());
    // googleapis/python-genai#2523: one vector for many texts.
    if (embeddings.size() != texts) {
      throw model.wrong(
          texts > 1 ? Kind.REFUSED : Kind.UNAVAILABLE,
          "answered %d vectors for %d texts".formatted(embeddings.size(), texts));
    }
    List<float[]> vectors = new ArrayList<>(texts);
    for (ContentEmbedding embedding : embeddings) {
      vectors.add(GeminiVector.of(embedding, space.dimensions(), model));
      if (embedding.statistics().flatMap(ContentEmbeddingStatistics::truncated).orElse(false)) {
        meters.truncated();
      }
    }
    return vectors;
  }
}

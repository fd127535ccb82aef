package dev.ragprocessor.embed;

import com.google.genai.Client;
import com.google.genai.types.Content;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.Part;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.store.Space;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Vectors of media from a multimodal model of Gemini, through the Google Gen AI SDK: one medium a
 * request, several requests at once, at the model's pace.
 *
 * <p>Safe for use by many threads. A request ends within its timeout or at the caller's interrupt.
 */
public final class GeminiMediaEmbedder implements MediaEmbedder {
  private static final System.Logger LOG = System.getLogger(GeminiMediaEmbedder.class.getName());

  // ai.google.dev, "Embeddings": the types and lengths of gemini-embedding-2. A video with sound
  // may be as long as sound may.
  private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg");
  private static final Set<String> RECORDINGS =
      Set.of("video/mp4", "video/quicktime", "audio/mpeg", "audio/mp3", "audio/wav");
  private static final Duration LONGEST = Duration.ofSeconds(80);

  private static final Asking MEDIUM = Asking.ofMedium("medium");

  private final GeminiModel model;
  private final Space space;

  private GeminiMediaEmbedder(GeminiModel model, Space space) {
    this.model = model;
    this.space = space;
  }

  /**
   * Finds the credentials and opens a client; asks the model nothing.
   *
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  public static GeminiMediaEmbedder open(
      MediaEmbedderSettings.Gemini settings, MeterRegistry registry) {
    GeminiModelSettings connection = settings.connection();
    return new GeminiMediaEmbedder(
        GeminiModel.open(connection, registry, EmbedMeters.REQUESTS),
        new Space(connection.model(), settings.dimensions(), "retrieval"));
  }

  @Override
  public Space space() {
    return space;
  }

  @Override
  public boolean takes(MediaPart part) {
    TimeRange range = part.range();
    return IMAGES.contains(part.mediaType())
        || (RECORDINGS.contains(part.mediaType())
            && range != null
            && range.length().compareTo(LONGEST) <= 0);
  }

  @Override
  public void embedMedia(List<MediaPart> parts, VectorSink sink) {
    Inputs.requireMedia(parts);
    List<Inputs.Numbered<MediaPart>> numbered = Inputs.numbered(parts);
    model.each(
        numbered,
        each -> {
          try {
            Content content = Content.fromParts(each.item().part());
            sink.accept(each.position(), model.ask(MEDIUM, client -> ask(client, content)));
          } catch (EmbeddingException e) {
            if (e.kind() != Kind.REFUSED) {
              throw e;
            }
            requireProven(e);
            LOG.log(System.Logger.Level.WARNING, "a medium has no vector: {0}", e.getMessage());
          }
          return each;
        });
  }

  @Override
  public float[] embedQuestion(String question) {
    Inputs.requireQuestion(question);
    Phrasing phrasing = Phrasing.ofQuestions(space.model(), space.dimensions());
    Content content = Content.fromParts(Part.fromText(phrasing.prefix() + question));
    Asking asking = Asking.ofTexts("question", List.of(question));
    return model.first(asking, client -> ask(client, content));
  }

  @Override
  public void close() {
    model.close();
  }

  // Whether the medium is to blame or the settings: the settings can be tried with a word.
  private void requireProven(EmbeddingException refusal) {
    if (!model.proven()) {
      try {
        model.ask(MEDIUM, client -> ask(client, Content.fromParts(Part.fromText("word"))));
      } catch (EmbeddingException again) {
        throw again.kind() == Kind.REFUSED ? model.refusedBeforeAnyAnswer(refusal) : again;
      }
    }
  }

  private float[] ask(Client client, Content content) {
    EmbedContentConfig config =
        EmbedContentConfig.builder().outputDimensionality(space.dimensions()).build();
    List<ContentEmbedding> embeddings =
        client.models.embedContent(space.model(), content, config).embeddings().orElse(List.of());
    if (embeddings.size() != 1) {
      throw model.wrong(
          Kind.UNAVAILABLE, "answered %d vectors for one medium".formatted(embeddings.size()));
    }
    return GeminiVector.of(embeddings.getFirst(), space.dimensions(), model);
  }
}

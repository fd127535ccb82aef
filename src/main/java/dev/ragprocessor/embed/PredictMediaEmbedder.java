package dev.ragprocessor.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.store.Space;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Vectors of images and video from {@code multimodalembedding@001} at Vertex AI. It takes no sound.
 *
 * <p>Safe for use by many threads. A request ends within its timeout or at the caller's interrupt.
 */
public final class PredictMediaEmbedder implements MediaEmbedder {
  private static final System.Logger LOG = System.getLogger(PredictMediaEmbedder.class.getName());
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  // cloud.google.com, "Multimodal embeddings API": an interval is 4 to 120 seconds long.
  private static final long SHORTEST = 4;
  private static final long LONGEST = 120;

  private static final Asking MEDIUM = Asking.ofMedium("medium");

  private final PredictEndpoint endpoint;
  private final ModelQueue queue;
  private final Space space;

  private PredictMediaEmbedder(PredictEndpoint endpoint, ModelQueue queue, Space space) {
    this.endpoint = endpoint;
    this.queue = queue;
    this.space = space;
  }

  /**
   * Finds the credentials; asks the model nothing.
   *
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  public static PredictMediaEmbedder open(
      MediaEmbedderSettings.Predict settings, MeterRegistry registry) {
    GeminiModelSettings connection = settings.connection();
    if (!(connection.access() instanceof GeminiAccess.VertexAi vertex)) {
      throw new IllegalArgumentException("only at Vertex AI");
    }
    return new PredictMediaEmbedder(
        new PredictEndpoint(connection, vertex, MediaEmbedderSettings.Predict.MODEL),
        new ModelQueue(connection, registry, EmbedMeters.REQUESTS),
        new Space(MediaEmbedderSettings.Predict.MODEL, settings.dimensions(), "retrieval"));
  }

  @Override
  public Space space() {
    return space;
  }

  @Override
  public boolean takes(MediaPart part) {
    TimeRange range = part.range();
    if (part.source() instanceof MediaPart.Source.Written) {
      return false;
    }
    return part.mediaType().startsWith("image/")
        || (part.mediaType().startsWith("video/")
            && range != null
            && range.length().compareTo(Duration.ofSeconds(LONGEST)) <= 0);
  }

  @Override
  public void embedMedia(List<MediaPart> parts, VectorSink sink) {
    Inputs.requireMedia(parts);
    queue.each(
        Inputs.numbered(parts),
        each -> {
          try {
            sink.accept(each.position(), queue.ask(MEDIUM, () -> ask(instance(each.item()))));
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
    Asking asking = Asking.ofTexts("question", List.of(question));
    return queue.first(asking, () -> ask(text(question)));
  }

  @Override
  public void close() {
    queue.close();
    endpoint.close();
  }

  // Whether the medium is to blame or the settings: the settings can be tried with a word.
  private void requireProven(EmbeddingException refusal) {
    if (!queue.proven()) {
      try {
        queue.ask(MEDIUM, () -> ask(text("word")));
      } catch (EmbeddingException again) {
        throw again.kind() == Kind.REFUSED ? endpoint.refusedBeforeAnyAnswer(refusal) : again;
      }
    }
  }

  private float[] ask(ObjectNode instance) {
    ObjectNode request = JSON.objectNode();
    request.putArray("instances").add(instance);
    request.putObject("parameters").put("dimension", space.dimensions());
    JsonNode prediction = endpoint.predict(request);
    for (JsonNode vector :
        List.of(
            prediction.path("textEmbedding"),
            prediction.path("imageEmbedding"),
            prediction.at("/videoEmbeddings/0/embedding"))) {
      if (vector.isArray()) {
        return read(vector);
      }
    }
    throw endpoint.wrong(Kind.UNAVAILABLE, "answered no vector");
  }

  private float[] read(JsonNode values) {
    if (values.size() != space.dimensions()) {
      throw endpoint.wrong(
          Kind.MISCONFIGURED,
          "answered a vector of %d dimensions instead of %d"
              .formatted(values.size(), space.dimensions()));
    }
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) values.get(i).asDouble();
    }
    try {
      return UnitLength.of(vector);
    } catch (ArithmeticException e) {
      throw endpoint.wrong(Kind.UNAVAILABLE, "answered a vector without a direction");
    }
  }

  private static ObjectNode text(String text) {
    return JSON.objectNode().put("text", text);
  }

  private static ObjectNode instance(MediaPart part) {
    ObjectNode instance = JSON.objectNode();
    boolean video = part.mediaType().startsWith("video/");
    ObjectNode medium = instance.putObject(video ? "video" : "image");
    switch (part.source()) {
      case MediaPart.Source.Address(String uri) -> medium.put("gcsUri", uri);
      case MediaPart.Source.Inline(byte[] content) ->
          medium.put("bytesBase64Encoded", Base64.getEncoder().encodeToString(content));
      case MediaPart.Source.Written _ -> throw new IllegalArgumentException("not an image");
    }
    if (!video) {
      medium.put("mimeType", part.mediaType());
    }
    TimeRange range = part.range();
    if (range != null) {
      // Whole seconds; the whole stretch is one interval.
      long start = range.start().toSeconds();
      long end = Math.max(start + 1, range.end().plusMillis(999).toSeconds());
      medium
          .putObject("videoSegmentConfig")
          .put("startOffsetSec", start)
          .put("endOffsetSec", end)
          .put("intervalSec", Math.clamp(end - start, SHORTEST, LONGEST));
    }
    return instance;
  }
}

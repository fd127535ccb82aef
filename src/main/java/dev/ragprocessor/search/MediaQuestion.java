package dev.ragprocessor.search;

import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.MediaEmbedder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A question on its way to the model of media, on a thread of its own. Belongs to the thread that
 * asks; closing it stops what is still under way.
 */
final class MediaQuestion implements AutoCloseable {
  /** Beside the text's model, which is waited for anyway. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final CompletableFuture<float[]> vector = new CompletableFuture<>();
  private final Thread thread;

  private MediaQuestion(MediaEmbedder embedder, String question) {
    this.thread =
        Thread.ofVirtual()
            .name("media-question")
            .unstarted(
                () -> {
                  try {
                    vector.complete(embedder.embedQuestion(question));
                  } catch (Throwable e) {
                    // The thread's edge: whoever waits for it throws it.
                    vector.completeExceptionally(e);
                  }
                });
  }

  static MediaQuestion ask(MediaEmbedder embedder, String question) {
    MediaQuestion asked = new MediaQuestion(embedder, question);
    asked.thread.start();
    return asked;
  }

  /** What the model made of it. */
  sealed interface Asked {
    /** The question's vector. */
    @SuppressWarnings("ArrayRecordComponent")
    record Vector(float[] values) implements Asked {}

    /** Nothing. */
    record Nothing(String why) implements Asked {}
  }

  /** Promises its vector, or why there is none; waits for it no longer than people do. */
  Asked await() {
    try {
      return new Asked.Vector(vector.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return new Asked.Nothing("it did not answer within %d s".formatted(PATIENCE.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Asked.Nothing("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EmbeddingException failure) {
        return new Asked.Nothing(String.valueOf(failure.getMessage()));
      }
      throw new IllegalStateException("a question could not be embedded", e.getCause());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

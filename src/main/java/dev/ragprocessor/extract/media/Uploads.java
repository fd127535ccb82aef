package dev.ragprocessor.extract.media;

import com.google.genai.errors.ApiException;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.File;
import com.google.genai.types.FileState;
import com.google.genai.types.UploadFileConfig;
import dev.ragprocessor.embed.Asking;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import dev.ragprocessor.embed.GeminiModel;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in the Gemini API's File API, which keeps them two days unless they are deleted. Safe for
 * use by many threads.
 */
final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final Duration LONGEST_PROCESSING = Duration.ofMinutes(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final GeminiModel model;

  Uploads(GeminiModel model) {
    this.model = model;
  }

  /**
   * An uploaded file that models can read.
   *
   * @param name to delete it by
   * @param uri to read it by
   */
  record Uploaded(String name, String uri) {}

  /**
   * Promises a file that models can read; blocks until it is processed.
   *
   * @throws ExtractionException when the service cannot process it
   * @throws EmbeddingException when it cannot be uploaded now
   */
  Uploaded upload(Path content, String mediaType) throws ExtractionException {
    UploadFileConfig config = UploadFileConfig.builder().mimeType(mediaType).build();
    File file =
        model.ask(
            Asking.ofMedium("upload"),
            client -> {
              try {
                return client.files.upload(content.toFile(), config);
              } catch (IllegalStateException e) {
                // The SDK's word for an upload that the service did not take to its end.
                throw model.wrong(Kind.UNAVAILABLE, "did not take an upload to its end");
              }
            });
    String name = file.name().orElse("");
    try {
      File ready = processed(file);
      if (state(ready) == FileState.Known.FAILED || ready.uri().isEmpty()) {
        throw new ExtractionException(
            Reason.CORRUPT,
            "Gemini could not process this file: it may be damaged, or of a kind that only looks"
                + " like "
                + mediaType
                + ".",
            null);
      }
      return new Uploaded(name, ready.uri().get());
    } catch (ExtractionException | RuntimeException e) {
      delete(name);
      throw e;
    }
  }

  /** Deletes a file; a failure is only logged, since the service forgets it by itself. */
  void delete(String name) {
    try {
      model.ask(
          Asking.ofMedium("delete"),
          client -> {
            var _ = client.files.delete(name, null);
            return name;
          });
    } catch (EmbeddingException | ApiException | GenAiIOException e) {
      LOG.info("an uploaded file stays until it expires: {}", e.getMessage());
    }
  }

  private File processed(File uploaded) {
    File file = uploaded;
    Duration pause = FIRST_PAUSE;
    long deadline = System.nanoTime() + LONGEST_PROCESSING.toNanos();
    String name = uploaded.name().orElse("");
    while (state(file) == FileState.Known.PROCESSING) {
      if (System.nanoTime() - deadline > 0) {
        throw model.wrong(Kind.UNAVAILABLE, "did not process an upload in " + LONGEST_PROCESSING);
      }
      sleep(pause);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
      file = model.ask(Asking.ofMedium("look"), client -> client.files.get(name, null));
    }
    return file;
  }

  private void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw model.wrong(Kind.UNAVAILABLE, "was not waited for: interrupted");
    }
  }

  private static FileState.Known state(File file) {
    return file.state().map(FileState::knownEnum).orElse(FileState.Known.ACTIVE);
  }
}

package dev.ragprocessor.embed;

import com.google.auth.Retryable;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says whose fault a failed request is: by status, type and google.rpc's reasons, never by words.
 */
final class GeminiFailures {
  private static final int LONGEST_MESSAGE = 300;

  private final GeminiAccess access;
  private final String model;

  GeminiFailures(GeminiAccess access, String model) {
    this.access = access;
    this.model = model;
  }

  /** An answer other than 2xx. */
  EmbeddingException refused(int code, String status, String message, ErrorAnswer answer) {
    Kind kind = kind(code, status, answer);
    String said = redact(message);
    // The SDK's exception is left out of the chain: Google's messages may name the key.
    return failure(
        kind,
        "answered %d %s%s: %s"
            .formatted(
                code,
                status,
                remedy(kind),
                said.substring(0, Math.min(said.length(), LONGEST_MESSAGE))),
        answer.retryAfter(),
        null);
  }

  /** A refusal by a model that has never answered: a wrong setting would fail every document. */
  EmbeddingException refusedBeforeAnyAnswer(EmbeddingException refusal) {
    return new EmbeddingException(
        Kind.MISCONFIGURED,
        refusal.getMessage() + " (it has not answered once: check model and dimensions)",
        Duration.ZERO,
        refusal);
  }

  /** No answer, or one that is not JSON. */
  EmbeddingException broken(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // Google's auth library knows of its own failures whether another try can help.
      if (cause instanceof Retryable auth && !auth.isRetryable()) {
        return failure(
            Kind.MISCONFIGURED, "gave no token for these credentials", Duration.ZERO, failure);
      }
    }
    return failure(Kind.UNAVAILABLE, "did not answer readably in time", Duration.ZERO, failure);
  }

  /** The SDK did not want to send it. */
  EmbeddingException unsendable(IllegalArgumentException failure) {
    return failure(
        Kind.MISCONFIGURED, "cannot be asked like this by the SDK", Duration.ZERO, failure);
  }

  /** An answer that is well-formed and not what was asked for. */
  EmbeddingException wrong(Kind kind, String what) {
    return failure(kind, what, Duration.ZERO, null);
  }

  private EmbeddingException failure(
      Kind kind, String what, Duration retryAfter, @Nullable Throwable cause) {
    return new EmbeddingException(kind, name() + " " + what, retryAfter, cause);
  }

  private static Kind kind(int code, String status, ErrorAnswer answer) {
    return switch (code) {
      case 429 -> Kind.EXHAUSTED;
      case 401, 402, 403, 404, 405 -> Kind.MISCONFIGURED;
      // A key that is not valid is answered 400, and so is an account without billing.
      case 400 ->
          answer.reasons().contains("API_KEY_INVALID")
                  || answer.reasons().contains("API_KEY_EXPIRED")
                  || "FAILED_PRECONDITION".equals(status)
              ? Kind.MISCONFIGURED
              : Kind.REFUSED;
      case 408, 499 -> Kind.UNAVAILABLE;
      default -> code >= 400 && code < 500 ? Kind.REFUSED : Kind.UNAVAILABLE;
    };
  }

  private static String remedy(Kind kind) {
    return switch (kind) {
      case MISCONFIGURED -> " (check key or credentials, project, location and model)";
      case EXHAUSTED, UNAVAILABLE, REFUSED -> "";
    };
  }

  private String name() {
    return switch (access) {
      case GeminiAccess.DeveloperApi _ -> model + " at the Gemini API";
      case GeminiAccess.VertexAi vertex ->
          "%s at Vertex AI (%s, %s)".formatted(model, vertex.project(), vertex.location());
    };
  }

  private String redact(String text) {
    return switch (access) {
      case GeminiAccess.DeveloperApi api -> api.key().redact(text);
      case GeminiAccess.VertexAi _ -> text;
    };
  }
}

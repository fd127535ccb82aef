package dev.ragprocessor.bucket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault an answer of Cloud Storage is, by its status and the {@code reason} of its body (the
 * page "HTTP status and error codes for JSON"), never by a message's words.
 */
final class CloudStorageErrors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ERROR_BODY = 64 * 1024;

  /** The JSON API once sent these with 403, where it sends 429 today. */
  private static final Set<String> QUOTA =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");

  private static final String CUSTOMER_KEY = "resourceIsEncryptedWithCustomerEncryptionKey";

  private CloudStorageErrors() {}

  /** Promises the error for an answer that is neither 2xx nor 404. Reads its body, bounded. */
  static BucketException of(DeadlineResponse answer, String what) {
    String reason = reason(answer);
    int status = answer.status();
    String said = "%s: Cloud Storage answered %d%s".formatted(what, status, suffix(reason));
    if (status == 408 || status == 429 || status >= 500 || QUOTA.contains(reason)) {
      return unavailable(said, retryAfter(answer.headers()), null);
    }
    if (status == 401) {
      return misconfigured(said + "; check the credentials of this service");
    }
    if (status == 403) {
      return misconfigured(
          said + "; grant its service account roles/storage.objectViewer on the bucket");
    }
    if (status < 400) {
      return misconfigured(said + "; check the base URL");
    }
    if (reason.equals(CUSTOMER_KEY)) {
      return refused(
          what
              + ": it is encrypted with a key that only the customer has; store it without a"
              + " customer-supplied encryption key");
    }
    return refused(said);
  }

  static BucketException unavailable(String message, Duration wait, @Nullable Throwable cause) {
    return new BucketException(BucketException.Kind.UNAVAILABLE, message, wait, cause);
  }

  static BucketException misconfigured(String message) {
    return new BucketException(BucketException.Kind.MISCONFIGURED, message, Duration.ZERO, null);
  }

  static BucketException refused(String message) {
    return new BucketException(BucketException.Kind.REFUSED, message, Duration.ZERO, null);
  }

  private static Duration retryAfter(HttpHeaders headers) {
    return RetryAfter.of(headers, Clock.systemUTC());
  }

  private static String suffix(String reason) {
    return reason.isEmpty() ? "" : " (" + reason + ")";
  }

  /** Only a short word made of letters is believed: the body comes from outside. */
  private static String reason(DeadlineResponse answer) {
    try {
      JsonNode body = JSON.readTree(answer.body().readNBytes(MAX_ERROR_BODY));
      String reason = body.path("error").path("errors").path(0).path("reason").asText("");
      return reason.matches("[A-Za-z]{1,64}") ? reason : "";
    } catch (JsonProcessingException e) {
      return ""; // a proxy's page: the status alone decides
    } catch (IOException e) {
      return ""; // the connection broke after the status, which is enough to decide
    }
  }
}

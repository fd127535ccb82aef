package dev.ragprocessor.bucket;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Who pulls: the headers that prove it to Pub/Sub. Safe for use by many threads. */
@FunctionalInterface
public interface PubSubCredentials {
  /** There is no narrower one for pulling. */
  String SCOPE = "https://www.googleapis.com/auth/pubsub";

  /**
   * Promises the headers for one request. Blocks while a token is fetched or renewed.
   *
   * @throws IOException when no token can be had
   */
  Map<String, List<String>> headers(URI request) throws IOException;

  /** Promises no credentials at all: for emulators and stand-ins. */
  static PubSubCredentials none() {
    return request -> Map.of();
  }

  /** Promises the headers of Google's library, which renews tokens before they expire. */
  static PubSubCredentials of(Credentials credentials) {
    return credentials::getRequestMetadata;
  }

  /**
   * Promises application default credentials: a key file named by {@code
   * GOOGLE_APPLICATION_CREDENTIALS}, gcloud's, or those of the workload (the metadata server).
   *
   * @throws SubscriptionException when there are none
   */
  static PubSubCredentials applicationDefault() {
    try {
      return of(GoogleCredentials.getApplicationDefault().createScoped(SCOPE));
    } catch (IOException e) {
      throw new SubscriptionException(
          "no Google credentials were found for Pub/Sub: run as a workload with a service account,"
              + " set GOOGLE_APPLICATION_CREDENTIALS, or run"
              + " `gcloud auth application-default login`",
          e);
    }
  }
}

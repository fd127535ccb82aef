package dev.ragprocessor.bucket;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Who asks: the headers that prove it to Cloud Storage. Safe for use by many threads. */
@FunctionalInterface
public interface CloudStorageCredentials {
  /** Least privilege: this service only reads. */
  String SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";

  /**
   * Promises the headers for one request. Blocks while a token is fetched or renewed.
   *
   * @throws IOException when no token can be had
   */
  Map<String, List<String>> headers(URI request) throws IOException;

  /** Promises no credentials at all: for public buckets and for stand-ins. */
  static CloudStorageCredentials none() {
    return request -> Map.of();
  }

  /** Promises the headers of Google's library, which renews tokens before they expire. */
  static CloudStorageCredentials of(Credentials credentials) {
    return credentials::getRequestMetadata;
  }

  /**
   * Promises application default credentials: a key file named by {@code
   * GOOGLE_APPLICATION_CREDENTIALS}, gcloud's, or those of the workload (the metadata server).
   *
   * @throws BucketException MISCONFIGURED when there are none
   */
  static CloudStorageCredentials applicationDefault() {
    try {
      return of(GoogleCredentials.getApplicationDefault().createScoped(SCOPE));
    } catch (IOException e) {
      throw new BucketException(
          BucketException.Kind.MISCONFIGURED,
          "no Google credentials were found for Cloud Storage: run as a workload with a service"
              + " account, set GOOGLE_APPLICATION_CREDENTIALS, or run"
              + " `gcloud auth application-default login`",
          Duration.ZERO,
          e);
    }
  }
}
